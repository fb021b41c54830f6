import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { linkInventory, unlinkInventory } from '../../src/cli/link-inventory.ts';

describe('the inventory of the sandbox in the working directory', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'playbake-'));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  it('is a link, made once and removed with its directory', () => {
    const link = linkInventory(directory, '/sandbox/hosts.ini');
    expect(link).to.equal(join(directory, 'inventory/ec2_instances.ini'));
    expect(readlinkSync(link ?? '')).to.equal('/sandbox/hosts.ini');
    expect(linkInventory(directory, '/sandbox/hosts.ini')).to.equal(link);
    unlinkInventory(directory, '/sandbox/hosts.ini');
    expect(() => readlinkSync(join(directory, 'inventory'))).to.throw('ENOENT');
  });

  it("leaves a user's own inventory of that name alone", () => {
    mkdirSync(join(directory, 'inventory'));
    const own = join(directory, 'inventory/ec2_instances.yml');
    writeFileSync(own, 'all:\n');
    expect(linkInventory(directory, '/sandbox/hosts.ini')).to.equal(undefined);
    unlinkInventory(directory, '/sandbox/hosts.ini');
    expect(readFileSync(own, 'utf8')).to.equal('all:\n');
  });
});
