import { existsSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect } from 'chai';
import type { DescribedTask } from '../../src/play/description.ts';
import { type Plain, toPlain } from '../../src/value/value.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { describePlaybook, type Files, writeFiles } from './reads-run.ts';

describe('describing a run', () => {
  const directory = temporaryDirectory();
  let count = 0;

  function place(files: Files): string {
    const root = join(directory(), String(++count));
    writeFiles(root, files);
    return root;
  }

  const args = ({ args: all }: DescribedTask): readonly Plain[] => all.map((one) => toPlain(one));

  it('fills in what needs no host, and leaves the rest as written', async () => {
    const root = place({
      'site.yml': `
- hosts: all
  vars: { who: world, wrapped: "{{ ansible_system }}" }
  vars_prompt: [{ name: asked, default: sure }]
  tasks:
    - debug: { msg: "hello {{ who }} {{ asked }}" }
    - debug: { msg: "on {{ ansible_system }} {{ wrapped }}" }
    - debug: { msg: "{{ 100000 | random }}{{ 100000 | random }}{{ 100000 | random }}" }
    - debug: { msg: "{{ playbake_mode }}" }
      register: result
      when: [who, "result is undefined"]
    - debug: { msg: "{{ result.msg }}" }
`,
    });
    const { tasks } = await describePlaybook(root);
    expect(tasks.map(args)).to.deep.equal([
      [{ msg: 'hello world sure' }],
      [{ msg: 'on {{ ansible_system }} {{ wrapped }}' }],
      [{ msg: '{{ 100000 | random }}{{ 100000 | random }}{{ 100000 | random }}' }],
      [{ msg: 'bake' }],
      [{ msg: '{{ result.msg }}' }],
    ]);
    expect(tasks[3]).to.deep.include({ when: ['who', 'result is undefined'], module: 'debug', handler: false });
    expect(tasks[3]?.keywords.get('register')).to.deep.equal(['result']);
    expect(tasks[3]?.where.line).to.equal(9);
    expect(tasks[3]?.version).to.match(/^playbake \d/);
  });

  it('walks blocks, roles, what can be included by now, and handlers, with what they inherit', async () => {
    const root = place({
      'site.yml': `
- hosts: all
  become: true
  roles: [{ role: web, vars: { port: 1 } }]
  pre_tasks:
    - block: [{ debug: , when: b, become: false }]
      rescue: [{ debug: , name: rescued }]
      always: [{ debug: , name: always }]
      when: a
      vars: { level: block }
  tasks:
    - include_tasks: "{{ item }}.yml"
      loop: [one, two]
    - include_tasks: "{{ ansible_system }}.yml"
    - include_role: { name: late }
    - { debug: , name: left out, tags: other }
  handlers: [{ debug: , name: restart }]
`,
      'one.yml': '- { debug: , name: one }\n',
      'two.yml': '- { debug: , name: two }\n- { include_tasks: two.yml, when: false }\n',
      'roles/web/tasks/main.yml': '- { debug: , name: serve }\n',
      'roles/late/tasks/main.yml': '- { debug: , name: late task }\n',
    });
    const { tasks, reads } = await describePlaybook(root, { skipTags: ['other'] });
    const names = tasks.map(({ name }) => name);
    expect(names.slice(0, 7)).to.deep.equal([
      'debug',
      'rescued',
      'always',
      'web : serve',
      'include_tasks',
      'one',
      'two',
    ]);
    expect(names).to.include('late : late task').and.not.include('left out');
    expect(names.at(-1)).to.equal('restart');
    expect(tasks[0]).to.deep.include({ when: ['a', 'b'] });
    expect(tasks[0]?.keywords.get('become')).to.deep.equal([true, false]);
    expect(toPlain(tasks[0]?.vars ?? null)).to.deep.equal({ level: 'block' });
    expect(tasks[3]).to.deep.include({ role: 'web' });
    expect(tasks.at(-1)).to.deep.include({ handler: true });
    const files = reads.flatMap((read) => (read.kind === 'file' && read.sha256 ? [relative(root, read.path)] : []));
    expect(files).to.include.members(['one.yml', 'two.yml', 'roles/late/tasks']);
  });

  it('knows files that modules will read, for each item, and what lookups read', async () => {
    const root = place({
      'site.yml': `
- hosts: all
  tasks:
    - copy: { src: "{{ item }}.txt", dest: "/x/{{ ansible_system }}", mode: "{{ ansible_mode }}" }
      loop: [a, b]
    - template: { src: page.j2, dest: /x/page }
    - script: run.sh one two
    - include_vars: more.yml
    - debug: { msg: "{{ lookup('file', 'a.txt') }}" }
    - copy: { src: /nowhere/on/this/machine, dest: /x, remote_src: true }
    - command: touch ${'{{ playbook_dir }}'}/touched
    - pause: { minutes: 10 }
`,
      'files/a.txt': 'a',
      'files/b.txt': 'b',
      'files/run.sh': 'x',
      'templates/page.j2': "{% include 'part.j2' %}{{ ansible_system }}",
      'templates/part.j2': 'x',
      'vars/more.yml': 'x: 1',
    });
    const { reads, tasks } = await describePlaybook(root);
    const files = reads.flatMap((read) => (read.kind === 'file' && read.sha256 ? [relative(root, read.path)] : []));
    expect(files).to.have.members([
      'files/a.txt',
      'files/b.txt',
      'templates/page.j2',
      'templates/part.j2',
      'files/run.sh',
      'vars/more.yml',
    ]);
    expect(tasks[0] && args(tasks[0])).to.deep.equal(
      ['a', 'b'].map((item) => ({ src: `${item}.txt`, dest: '/x/{{ ansible_system }}', mode: '{{ ansible_mode }}' })),
    );
    expect(toPlain(tasks[0]?.loop ?? null)).to.deep.equal(['a', 'b']);
    expect(existsSync(join(root, 'touched'))).to.equal(false);
  });

  it('tells the variables that the play and each role see', async () => {
    const root = place({
      'site.yml': '- hosts: web\n  vars: { a: play }\n  roles: [one, { role: two, b: param }]\n',
      'group_vars/web.yml': 'a: group\nc: "{{ a }}"\n',
      'roles/one/defaults/main.yml': 'b: one\n',
      'roles/one/tasks/main.yml': '- debug:\n',
      'roles/two/defaults/main.yml': 'b: two\n',
      'roles/two/vars/main.yml': 'a: role\n',
      'roles/two/tasks/main.yml': '- debug:\n',
    });
    const { variables } = await describePlaybook(root, { extraVars: ['d=4'] });
    const seen = variables('app').map(({ play, role, values }) => [
      play,
      role,
      ...['a', 'b', 'c', 'd'].map((name) => values.get(name)),
    ]);
    expect(seen).to.deep.equal([
      [0, undefined, 'role', 'two', '{{ a }}', '4'],
      [0, 'one', 'role', 'one', '{{ a }}', '4'],
      [0, 'two', 'role', 'param', '{{ a }}', '4'],
    ]);
    expect(variables('app')[0]?.values.get('group_names')).to.deep.equal(['web']);
    expect(variables('app')[0]?.values.has('playbook_dir')).to.equal(false);
  });

  it('gives a user’s module the hash of its file as its version', async () => {
    const root = place({
      'site.yml': '- hosts: all\n  tasks: [{ greet: { name: ann } }]\n',
      'modules/greet.mjs': `import { module } from 'playbake/module';
export default module({ doc: 'Greet.', args: { name: { type: 'string', doc: 'Whom.' } }, examples: '', plan: () => [] });\n`,
    });
    const [first] = (await describePlaybook(root)).tasks;
    expect(first).to.deep.include({ module: 'greet' });
    expect(first?.version).to.match(/^sha256:[0-9a-f]{64}$/);
    writeFileSync(
      join(root, 'modules/greet.mjs'),
      `// changed\nimport { module } from 'playbake/module';
export default module({ doc: 'Greet.', args: {}, examples: '', plan: () => [] });\n`,
    );
    expect((await describePlaybook(root)).tasks[0]?.version).not.to.equal(first?.version);
  });
});
