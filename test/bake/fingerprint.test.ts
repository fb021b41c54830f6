import { appendFileSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { lookAgain } from '../../src/bake/fingerprint/look-again.ts';
import { Places } from '../../src/bake/fingerprint/places.ts';
import { type Fingerprint, fingerprintOf, type HostRead, type Inputs, inputsOf } from '../../src/bake/fingerprint.ts';
import { verdict } from '../../src/bake/verdict.ts';
import type { RunOptions } from '../../src/play/options.ts';
import { prepare } from '../../src/playbake.ts';
import { type Files, runOptions, writeFiles } from '../play/reads-run.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const SITE: Files = {
  'site.yml': `
- hosts: web
  vars: { dest: "{{ lookup('env', 'PLAYBAKE_TEST_OUT') }}", greeting: hello, secret: hunter2-secret }
  roles: [page]
  tasks:
    - name: note
      copy: { content: "{{ greeting }} {{ secret }}", dest: "{{ dest }}/note" }
    - name: by system
      copy: { src: "{{ ansible_system | lower }}.txt", dest: "{{ dest }}/system" }
    - name: globbed
      copy: { src: "{{ item }}", dest: "{{ dest }}/" }
      with_fileglob: conf/*.conf
  handlers: [{ name: restart, debug: }]
`,
  'group_vars/web.yml': 'port: 80\nunread: 1\n',
  'files/linux.txt': 'linux\n',
  'files/conf/a.conf': 'a\n',
  'roles/page/defaults/main.yml': 'title: a page\nunread_too: 1\n',
  'roles/page/templates/page.j2': '{{ title }} {{ port }}\n',
  'roles/page/tasks/main.yml': '- template: { src: page.j2, dest: "{{ dest }}/page" }\n  notify: restart\n',
};

describe('the fingerprint of a bake', function () {
  this.timeout(60_000);
  const directory = temporaryDirectory();
  let count = 0;
  before(() => {
    process.env['PLAYBAKE_TEST_OUT'] = join(directory(), 'out');
    writeFiles(directory(), { 'out/.keep': '' });
  });
  after(() => {
    delete process.env['PLAYBAKE_TEST_OUT'];
  });

  function project(files: Files = SITE): string {
    const root = join(directory(), `clone ${++count}`);
    writeFiles(root, files);
    return root;
  }

  const BASE = { base: 'ami-1', host: 'app' };

  async function inputs(root: string, more: Partial<RunOptions> = {}, base = 'ami-1'): Promise<Inputs> {
    const description = await (await prepare(runOptions(root, more))).describe('app');
    return inputsOf({ ...BASE, base, description, project: root });
  }

  async function baked(root: string): Promise<Fingerprint> {
    const reads: HostRead[] = [];
    const now = await inputs(root);
    const onRead: NonNullable<RunOptions['onRead']> = (host, read) => reads.push({ host, read });
    const run = await prepare(runOptions(root, { onRead }));
    expect(await run.run()).to.equal(0);
    return fingerprintOf(now, reads, { host: 'app', project: root });
  }

  /** What a second bake says after `change`, with what the first has on record. */
  async function reasonAfter(change: (root: string) => void, files: Files = SITE): Promise<string> {
    const root = project(files);
    const before = await baked(root);
    change(root);
    return reason(root, before);
  }

  async function reason(
    root: string,
    before: Fingerprint,
    more: Partial<RunOptions> = {},
    base?: string,
  ): Promise<string> {
    const description = await (await prepare(runOptions(root, more))).describe('app');
    const now = await inputs(root, more, base);
    const image = { imageId: 'ami-9', name: 'app-1', inputs: undefined };
    const look = lookAgain(description, 'app', new Places(root));
    const judged = verdict({ now, images: [image], recordOf: () => before, look });
    return judged.same ? 'same' : judged.reason;
  }

  const edit = (file: string, from: string, to: string) => (root: string) => {
    const text = readFileSync(join(root, file), 'utf8');
    expect(text).to.include(from);
    writeFileSync(join(root, file), text.replace(from, to));
  };

  it('is the same for every clone, wherever it lies', async () => {
    const [a, b] = [project(), project()];
    expect(await inputs(a)).to.deep.equal(await inputs(b));
    const [first, second] = [await baked(a), await baked(b)];
    const facts = (one: Fingerprint) => one.read.filter(({ kind }) => kind !== 'fact');
    expect(facts(first)).to.deep.equal(facts(second));
    expect(await reason(b, first)).to.equal('same');
  });

  it('holds no value in clear, and no place of this machine', async () => {
    const root = project();
    const text = JSON.stringify(await baked(root));
    for (const value of ['hunter2-secret', 'hello', root, 'a page']) expect(text).not.to.include(value);
    expect(text).to.include('roles/page/templates/page.j2');
  });

  it('sees what a playbook would do differently, and names it', async () => {
    expect(await reasonAfter(edit('site.yml', 'greeting: hello', 'greeting: bye'))).to.equal(
      'the task "note" (site.yml:6) has changed: argument content',
    );
    expect(await reasonAfter(edit('roles/page/tasks/main.yml', 'dest }}/page', 'dest }}/other'))).to.match(
      /^the task "page : template" \(roles\/page\/tasks\/main.yml:1\) has changed: argument dest$/,
    );
    expect(
      await reasonAfter(
        edit('site.yml', '    - name: note', '    - name: first\n      debug: { msg: x }\n    - name: note'),
      ),
    ).to.equal('the task "first" (site.yml:6) is new');
    expect(
      await reasonAfter(
        edit(
          'site.yml',
          '    - name: note\n      copy: { content: "{{ greeting }} {{ secret }}", dest: "{{ dest }}/note" }\n',
          '',
        ),
      ),
    ).to.equal('the task "note" (site.yml:6) is gone');
    expect(
      await reasonAfter(edit('site.yml', '    - name: globbed', '    - name: globbed\n      when: port == 80')),
    ).to.equal('the task "globbed" (site.yml:10) has changed: when');
    expect(await reasonAfter(edit('site.yml', 'hosts: web', 'hosts: web\n  become: false'))).to.match(
      /keyword become$/,
    );
  });

  it('sees variables that templates read, in the role that reads them', async () => {
    expect(await reasonAfter(edit('group_vars/web.yml', 'port: 80', 'port: 81'))).to.equal(
      'the variable port of role page has changed',
    );
    expect(await reasonAfter(edit('roles/page/defaults/main.yml', 'a page', 'another'))).to.equal(
      'the variable title of role page has changed',
    );
    expect(await reasonAfter((root) => rmSync(join(root, 'group_vars/web.yml')))).to.equal(
      'the variable port of role page is gone',
    );
  });

  it('sees files, also those that only a machine could name, and those that appear', async () => {
    expect(await reasonAfter((root) => appendFileSync(join(root, 'files/linux.txt'), 'x'))).to.equal(
      'the file files/linux.txt has changed',
    );
    expect(await reasonAfter((root) => appendFileSync(join(root, 'roles/page/templates/page.j2'), 'x'))).to.equal(
      'the file roles/page/templates/page.j2 has changed',
    );
    expect(await reasonAfter((root) => appendFileSync(join(root, 'files/conf/a.conf'), 'x'))).to.equal(
      'the file files/conf/a.conf has changed',
    );
    expect(await reasonAfter((root) => writeFileSync(join(root, 'files/conf/b.conf'), 'x'))).to.match(
      /^the task "globbed" .* has changed: loop/,
    );
    const { 'roles/page/templates/page.j2': page = '', ...others } = SITE;
    const shadow = (root: string) => writeFiles(root, { 'roles/page/templates/page.j2': page });
    expect(await reasonAfter(shadow, { ...others, 'roles/page/page.j2': page })).to.equal(
      'the file roles/page/templates/page.j2 is new',
    );
  });

  it('sees no difference in what is not read, in names, comments and where tasks stand', async () => {
    const changes = [
      edit('group_vars/web.yml', 'unread: 1', 'unread: 2'),
      edit('roles/page/defaults/main.yml', 'unread_too: 1', 'unread_too: 2 # and why'),
      edit('site.yml', 'name: note', 'name: a better name'),
      edit('site.yml', '\n- hosts', '\n# a comment\n\n- name: the site\n  hosts'),
      (root: string) => writeFiles(root, { 'files/other.txt': 'x', 'README.md': 'x' }),
    ];
    for (const change of changes) expect(await reasonAfter(change), String(change)).to.equal('same');
  });

  it('sees the base image, extra variables, and the selection of tasks', async () => {
    const root = project();
    const before = await baked(root);
    expect(await reason(root, before, {}, 'ami-2')).to.equal('the base image is ami-2, not ami-1');
    expect(await reason(root, before, { extraVars: ['port=81'] })).to.equal(
      'the variable port of role page has changed',
    );
    expect(await reason(root, before, { extraVars: ['nobody_reads=81'] })).to.equal('same');
    expect(await reason(root, before, { skipTags: ['all'] })).to.match(/ is gone$/);
  });

  it('needs no record where its inputs are all that was read', async () => {
    const files = { ...SITE, 'site.yml': (SITE['site.yml'] ?? '').replace('{{ ansible_system | lower }}', 'linux') };
    const root = project(files);
    const before = await baked(root);
    expect(before.complete, JSON.stringify(before.read, null, 1)).to.equal(true);
    const clone = project(files);
    const now = await inputs(clone);
    const image = { imageId: 'ami-9', name: 'app-1', inputs: before.digest };
    const look = () => null;
    expect(verdict({ now, images: [image], recordOf: () => undefined, look })).to.deep.equal({ same: image });
    appendFileSync(join(clone, 'files/linux.txt'), 'x');
    const judged = verdict({ now: await inputs(clone), images: [image], recordOf: () => undefined, look });
    expect(judged).to.deep.equal({ reason: 'what app-1 (ami-9) was made of is not on record here' });
  });

  it('is not complete where a machine decided what was read', async () => {
    expect((await baked(project())).complete).to.equal(false);
  });

  it('says so where there is no image yet', async () => {
    const now = await inputs(project());
    expect(verdict({ now, images: [], recordOf: () => undefined, look: () => null })).to.deep.equal({
      reason: 'there is no image of it yet',
    });
  });

  it('finds an older image that is the same when a change is taken back', async () => {
    const root = project();
    const first = await baked(root);
    const copy = project();
    cpSync(root, copy, { recursive: true });
    edit('site.yml', 'greeting: hello', 'greeting: bye')(copy);
    const second = await baked(copy);
    const records = new Map([
      ['ami-2', second],
      ['ami-1', first],
    ]);
    const images = [...records.keys()].map((imageId) => ({ imageId, name: imageId, inputs: undefined }));
    const description = await (await prepare(runOptions(root))).describe('app');
    const look = lookAgain(description, 'app', new Places(root));
    const judged = verdict({ now: await inputs(root), images, recordOf: (id) => records.get(id), look });
    expect(judged.same?.imageId).to.equal('ami-1');
  });
});
