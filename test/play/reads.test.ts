import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect } from 'chai';
import type { Read } from '../../src/play/reads.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { type Files, runAndRead, writeFiles } from './reads-run.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('what a play reads', () => {
  const directory = temporaryDirectory();
  let count = 0;

  /** The reads of these files as a run of `site.yml`, without places where a file is not. */
  async function reads(files: Files, more = {}): Promise<{ root: string; reads: readonly Read[] }> {
    const root = join(directory(), String(++count));
    writeFiles(root, files);
    const ran = await runAndRead(root, more);
    expect(ran.code, JSON.stringify(ran.events.filter((event) => event.type === 'result'))).to.equal(0);
    return { root, reads: ran.reads };
  }

  const names = (all: readonly Read[], kind: 'variable' | 'fact'): string[] =>
    all.flatMap((read) => (read.kind === kind ? [read.name] : [])).sort();

  const there = (root: string, all: readonly Read[]): string[] =>
    all.flatMap((read) => (read.kind === 'file' && read.sha256 !== undefined ? [relative(root, read.path)] : []));

  it('is the variables that templates reach, also through others, and what is defined nowhere', async () => {
    const { reads: all } = await reads(
      {
        'site.yml': `
- hosts: web
  gather_facts: false
  vars: { direct: "{{ indirect }}", indirect: 1, unread: 2, own: never }
  tasks:
    - debug: { msg: "{{ direct }} {{ own }} {{ nowhere | default('x') }} {{ given }}" }
      vars: { own: mine }
      when: of_group == 'g'
`,
        'group_vars/web.yml': 'of_group: g\nother: x\n',
      },
      { extraVars: ['given=1', 'spare=2'] },
    );
    const told = names(all, 'variable');
    expect(told).to.include.members(['direct', 'indirect', 'nowhere', 'given', 'of_group']);
    expect(told).not.to.include.members(['unread']);
    expect(told).not.to.include.members(['other']);
    expect(told).not.to.include.members(['own']);
    expect(told).not.to.include.members(['spare']);
    const read = (name: string) => all.find((one) => one.kind === 'variable' && one.name === name);
    expect(read('direct')).to.deep.include({ play: 0, role: undefined, value: '{{ indirect }}' });
    expect(read('nowhere')).to.deep.include({ value: undefined });
    expect(all.filter((one) => one.kind === 'variable' && one.name === 'direct')).to.have.length(1);
  });

  it('tells the role whose variables come first, and nothing of what tasks register', async () => {
    const { reads: all } = await reads({
      'site.yml': `
- hosts: all
  gather_facts: false
  roles: [one, two]
  tasks:
    - debug: { msg: "{{ port }} {{ result.changed }} {{ fact }}" }
`,
      'roles/one/defaults/main.yml': 'port: 1\n',
      'roles/one/tasks/main.yml': '- debug: { msg: "{{ port }}" }\n  register: result\n',
      'roles/two/defaults/main.yml': 'port: 2\n',
      'roles/two/tasks/main.yml': '- set_fact: { fact: "{{ port }}" }\n',
    });
    const ports = all.flatMap((one) => (one.kind === 'variable' && one.name === 'port' ? [[one.role, one.value]] : []));
    expect(ports).to.deep.equal([
      ['one', 1],
      ['two', 2],
      [undefined, 2],
    ]);
    expect(names(all, 'variable')).not.to.include.members(['result']);
    expect(names(all, 'variable')).not.to.include.members(['fact']);
  });

  it('is the facts that templates and modules look at, by both of their names', async () => {
    const { reads: all } = await reads({
      'site.yml': `
- hosts: all
  gather_subset: [min]
  tasks:
    - debug: { msg: "{{ ansible_system }} {{ ansible_facts.architecture }} {{ ansible_facts['kernel'] }}" }
    - debug: { msg: "{{ hostvars['app'].ansible_nodename }}" }
`,
    });
    expect(names(all, 'fact')).to.deep.equal(['architecture', 'kernel', 'nodename', 'system']);
  });

  it('is files: sources, templates and what they include, variables, task files, roles that are included', async () => {
    const { root, reads: all } = await reads({
      'site.yml': `
- hosts: all
  gather_facts: false
  vars_files: [vars/a.yml, [vars/none.yml, vars/b.yml]]
  tasks:
    - copy: { src: plain.txt, dest: "{{ dest }}/plain.txt" }
    - copy: { src: tree/, dest: "{{ dest }}/tree" }
    - template: { src: page.j2, dest: "{{ dest }}/page" }
    - include_vars: late.yml
    - include_tasks: more.yml
    - include_role: { name: extra }
    - debug: { msg: "{{ lookup('file', 'looked.txt') }} {{ lookup('first_found', ['no.txt', 'plain.txt']) }}" }
`,
      'vars/a.yml': 'dest: "{{ playbook_dir }}/out"\n',
      'vars/b.yml': 'x: 1\n',
      'vars/late.yml': 'late: 1\n',
      'files/plain.txt': 'plain\n',
      'files/looked.txt': 'looked\n',
      'files/tree/deep/x': 'x\n',
      'templates/page.j2': "{% include 'part.j2' %}",
      'templates/part.j2': 'part\n',
      'more.yml': '- debug: { msg: more }\n',
      'out/.keep': '',
      'roles/extra/tasks/main.yml': '- debug: { msg: extra }\n',
    });
    expect(there(root, all)).to.have.members(
      [
        'vars/a.yml',
        'vars/b.yml',
        'files/plain.txt',
        'files/tree/',
        'templates/page.j2',
        'templates/part.j2',
        'vars/late.yml',
        'more.yml',
        'roles/extra/tasks',
        'files/looked.txt',
      ].map((name) => name.replace(/\/$/, '')),
    );
    const file = (name: string) => all.find((one) => one.kind === 'file' && relative(root, one.path) === name);
    expect(file('files/plain.txt')).to.deep.include({ sha256: sha256('plain\n') });
    expect(file('vars/none.yml')).to.deep.include({ sha256: undefined });
    expect(file('files/no.txt')).to.deep.include({ sha256: undefined });
  });

  it('is the environment, globs and outputs of commands that lookups read', async () => {
    const { root, reads: all } = await reads({
      'site.yml': `
- hosts: all
  gather_facts: false
  tasks:
    - debug: { msg: "{{ lookup('env', 'PLAYBAKE_NOT_SET') }} {{ lookup('pipe', 'echo out') }}" }
    - debug: { msg: "{{ item }}" }
      with_fileglob: "*.conf"
`,
      'files/b.conf': '',
      'files/a.conf': '',
    });
    const of = (kind: Read['kind']) => all.filter((read) => read.kind === kind);
    expect(of('environment')).to.deep.equal([{ kind: 'environment', name: 'PLAYBAKE_NOT_SET', value: undefined }]);
    expect(of('command')).to.deep.equal([{ kind: 'command', command: 'echo out', directory: root, output: 'out\n' }]);
    expect(of('glob')).to.deep.equal([{ kind: 'glob', path: join(root, 'files/*.conf'), found: ['a.conf', 'b.conf'] }]);
  });

  it('has one hash for a directory, whatever the order of its files, that follows names, content and modes', async () => {
    const { hashPath } = await import('../../src/play/hash-path.ts');
    const [a, b] = [join(directory(), 'a'), join(directory(), 'b')];
    writeFiles(a, { x: '1', 'sub/y': '2' });
    writeFiles(b, { 'sub/y': '2', x: '1' });
    expect(hashPath(a)).to.equal(hashPath(b));
    writeFiles(b, { x: '3' });
    expect(hashPath(a)).not.to.equal(hashPath(b));
    writeFiles(b, { x: '1' });
    mkdirSync(join(b, 'empty'));
    expect(hashPath(a)).not.to.equal(hashPath(b));
    expect(hashPath(join(a, 'nothing'))).to.equal(undefined);
    expect(hashPath(join(a, 'x'))).to.equal(sha256('1'));
  });
});
