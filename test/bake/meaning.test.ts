import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { imageMeant } from '../../src/bake/image-meant.ts';
import { imageName } from '../../src/bake/image-name.ts';
import { newKeyPair } from '../../src/bake/openssh-key.ts';
import { isPrivateAddress, ownAddressTowards } from '../../src/bake/own-address.ts';
import type { ImageConfig } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { readPrivateKey } from '../../src/connection/private-key.ts';
import { Fault } from '../../src/fault.ts';
import { dict } from '../../src/value/value.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { RUN, request } from './support/work.ts';

describe('bake: what is meant', () => {
  const directory = temporaryDirectory();
  before(() => {
    const images =
      'images: { app: { playbook: app.yml }, one: { playbook: two.yml }, other: { playbook: two.yml }, none: { playbook: no.yml } }';
    writeFileSync(join(directory(), 'playbake.yml'), images);
    for (const name of ['app.yml', 'two.yml', 'own thing.yml']) writeFileSync(join(directory(), name), '');
  });
  const meant = (word: string): ImageConfig => imageMeant(word, loadConfig({ directory: directory() }), directory());

  it('is an image by its name or its playbook, or a playbook with defaults', () => {
    expect(meant('app').name).to.equal('app');
    expect(meant('app.yml')).to.deep.equal(meant('app'));
    expect(meant('own thing.yml')).to.deep.include({ name: 'own-thing', playbook: join(directory(), 'own thing.yml') });
  });

  const wrong = [
    ['ap', 'ap is neither a playbook nor an image', 'did you mean the image app?'],
    ['two.yml', 'two.yml is the playbook of several images', 'name one of them: one, other'],
    ['none', 'the playbook of the image none could not be found', undefined],
    ['.', 'the playbook: . does not appear to be a file', undefined],
  ] as const;
  for (const [word, message, hint] of wrong) {
    it(`is not ${word}`, () => {
      const fault = expect(() => meant(word)).to.throw(Fault);
      fault.with.property('message', message);
      if (hint !== undefined) fault.with.property('hint', hint);
    });
  }

  it('by the name of an image is its template filled in', () => {
    const now = new Date('2026-11-26T02:15:00Z');
    const named = (name: string, extraVars: readonly string[] = []) =>
      imageName({ ...request(directory(), { name, vars: dict({ version: '1.0', arch: 'x' }) }), extraVars }, RUN, now);
    expect(named('{{ image }}-{{ timestamp }}')).to.equal('app-20261126021500');
    expect(named('{{ playbook }}_{{ version }}_{{ arch }}', ['version=2.1'])).to.equal('app_2.1_x');
    expect(named('{{ run }}')).to.equal(RUN);
    expect(() => named('a{{ version }}:b')).to.throw(Fault, 'the image cannot be called "a1.0:b"');
    expect(() => named('{{ verison }}')).to.throw(Fault, 'verison');
  });

  it('by our own address is the one that packets leave with', async () => {
    expect(await ownAddressTowards('127.0.0.1')).to.equal('127.0.0.1');
    expect(
      ['10.1.2.3', '172.31.0.1', '192.168.1.1', '100.64.0.1', '127.0.0.1'].filter(isPrivateAddress),
    ).to.have.length(5);
    expect(['172.32.0.1', '100.128.0.1', '8.8.8.8', '110.0.0.1'].filter(isPrivateAddress)).to.deep.equal([]);
  });

  it('by a key is one that SSH reads', async () => {
    const { private: text, public: line } = newKeyPair('a comment');
    const file = join(directory(), 'key');
    writeFileSync(file, text, { mode: 0o600 });
    const key = await readPrivateKey(file, undefined);
    expect(key.public?.toString('base64')).to.equal(line.split(' ')[1]);
    expect(key).to.have.property('key');
  });
});
