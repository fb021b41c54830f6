import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ModuleCatalog } from '../../src/module/catalog.ts';
import { perform } from '../../src/module/perform.ts';

describe('module catalog', () => {
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'playbake-catalog-'));
  });
  after(() => rmSync(directory, { recursive: true }));

  const inLibrary = (file: string, text: string): string => {
    const library = join(directory, file.replace(/\W/g, '_'));
    mkdirSync(library);
    writeFileSync(join(library, file), text);
    return library;
  };

  it('finds a module by its short and full names', async () => {
    const catalog = new ModuleCatalog();
    for (const action of ['ping', 'ansible.builtin.ping', 'ansible.legacy.ping']) {
      expect(await catalog.resolve(action)).to.include({ kind: 'module', name: 'ping' });
    }
  });

  it("knows the engine's own actions", async () => {
    expect(await new ModuleCatalog().resolve('ansible.builtin.meta')).to.deep.equal({ kind: 'action', name: 'meta' });
  });

  it('tells what playbake lacks from what nobody knows', async () => {
    const catalog = new ModuleCatalog();
    expect(await catalog.resolve('community.docker.docker_container')).to.include({ kind: 'lacking' });
    expect(await catalog.resolve('docker_container')).to.include({ kind: 'lacking' });
    expect(await catalog.resolve('nxos_config')).to.include({ kind: 'lacking' });
    expect(await catalog.resolve('cisco.nxos.nxos_config')).to.include({ kind: 'lacking' });
    expect(await catalog.resolve('my.own.thing')).to.include({ because: 'the collection my.own is not known' });
    expect(await catalog.resolve('docker_contaner')).to.deep.include({ kind: 'unknown' });
    const copyy = await catalog.resolve('copyy');
    expect(copyy.kind === 'unknown' && copyy.near[0]).to.equal('copy');
    const builtin = await catalog.resolve('ansible.builtin.copyy');
    expect(builtin.kind === 'unknown' && builtin.near[0]).to.equal('copy');
    const full = await catalog.resolve('community.docker.docker_contaner');
    expect(full.kind === 'unknown' && full.near[0]).to.equal('community.docker.docker_container');
  });

  it("puts the user's modules first, but not before ansible.builtin", async () => {
    const library = inLibrary(
      'ping.mjs',
      `import { module } from 'playbake/module';
       export default module({ doc: 'Mine.', args: {}, examples: '', plan: () => ({ changed: false, ping: 'mine' }) });`,
    );
    const catalog = new ModuleCatalog({ directories: [join(directory, 'nowhere'), library] });
    const own = await catalog.resolve('ping');
    expect(own.kind === 'module' && own.module.doc).to.equal('Mine.');
    const builtin = await catalog.resolve('ansible.builtin.ping');
    expect(builtin.kind === 'module' && builtin.module.doc).to.not.equal('Mine.');
  });

  it("lets a role's own modules come first", async () => {
    const library = inLibrary(
      'mine.mjs',
      "export default { doc: 'Of the role.', args: {}, examples: '', plan: () => [] };",
    );
    const catalog = new ModuleCatalog();
    expect((await catalog.resolve('mine')).kind).to.equal('unknown');
    expect((await catalog.resolve('mine', [library])).kind).to.equal('module');
  });

  it("makes a user's steps with the engine's own classes", async () => {
    const library = inLibrary(
      'touch_it.mjs',
      `import { ensure, module, Sh, sh } from 'playbake/module';
       export default module({ doc: 'Mine.', args: {}, examples: '', plan: () => ({ same: sh\`true\` instanceof Sh && Sh === globalThis.pbSh }) });`,
    );
    const { Sh } = await import('../../src/shell/sh.ts');
    Object.assign(globalThis, { pbSh: Sh });
    const found = await new ModuleCatalog({ directories: [library] }).resolve('touch_it');
    if (found.kind !== 'module') throw new Error(found.kind);
    const host = {} as Parameters<typeof perform>[2];
    expect((await perform(found.module, {}, host)).result).to.deep.equal({ same: true });
  });

  it('says why a file that is there is not used', async () => {
    const python = inLibrary('thing.py', 'print(1)');
    expect(await new ModuleCatalog({ directories: [python] }).resolve('thing')).to.deep.include({
      kind: 'lacking',
      because: `${join(python, 'thing.py')} is not JavaScript, and playbake runs no other modules`,
    });
    const broken = inLibrary('broken.mjs', 'export default 5;');
    const failed = await new ModuleCatalog({ directories: [broken] })
      .resolve('broken')
      .catch((error: unknown) => error);
    expect(failed).to.include({ code: 'module-invalid' });
  });
});
