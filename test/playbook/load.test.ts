import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { Fault, Findings } from '../../src/fault.ts';
import { findTaskFile, type IncludeContext, loadPlaybook, loadRole, loadTaskFile } from '../../src/playbook/load.ts';
import type { Block, Entry, Playbook, Task } from '../../src/playbook/types.ts';
import { whereOf } from '../../src/value/source.ts';
import { type Dict, dict, type Plain, toPlain } from '../../src/value/value.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const root = temporaryDirectory();
let count = 0;

/** A new directory with these files; its path. */
function files(contents: { readonly [path: string]: string }): string {
  count += 1;
  const directory = join(root(), String(count));
  for (const [path, text] of Object.entries(contents)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  return directory;
}

function load(
  contents: { readonly [path: string]: string } | string,
  extraVars: Dict = new Map(),
): Playbook & { readonly directory: string } {
  const directory = files(typeof contents === 'string' ? { 'site.yml': contents } : contents);
  const findings = new Findings();
  const playbook = loadPlaybook(join(directory, 'site.yml'), { findings, extraVars });
  findings.check();
  return { ...playbook, directory };
}

function entries({ plays }: Playbook): readonly Entry[] {
  return plays.flatMap(({ sections }) => sections.flatMap((section) => section.entries));
}

function asTask(entry: Entry | undefined): Task {
  if (entry?.kind !== 'task') throw new Error('this is no task');
  return entry;
}

function asBlock(entry: Entry | undefined): Block {
  if (entry?.kind !== 'block') throw new Error('this is no block');
  return entry;
}

function tasks(text: string): readonly Task[] {
  return entries(load(`- hosts: all\n  tasks:\n${text.replaceAll(/^/gm, '    ')}`)).map(asTask);
}

function names(list: readonly Entry[]): readonly unknown[] {
  return list.flatMap((entry) => (entry.kind === 'block' ? names(entry.block) : [entry.name]));
}

function context(directory: string, more: Partial<IncludeContext> = {}): IncludeContext {
  const findings = new Findings();
  return { playbookDirectory: directory, directory, role: undefined, findings, extraVars: new Map(), ...more };
}

const args = (task: Task | undefined): Plain => toPlain(task?.args ?? null);
const place = (container: unknown, key: string) => {
  const { line, column } = whereOf(container, key) ?? {};
  return `${line}:${column}`;
};

describe('a task', () => {
  it('has its module by its short name and its arguments as a mapping, whichever way they are written', () => {
    const [one, two, three, four, five, six] = tasks(`
- ansible.builtin.copy: src=a dest="b c"
- action: copy src=a dest="b c"
- action: { module: copy src=a, dest: b c }
- ansible.legacy.copy: { src: a }
  args: { dest: b c }
- action: { module: copy, args: src=a dest="b c" }
- community.general.copy: { src: a, dest: b c }
`);
    for (const task of [one, two, three, four, five]) {
      expect(task?.action).to.equal('copy');
      expect(args(task)).to.deep.equal({ src: 'a', dest: 'b c' });
    }
    expect(six?.action).to.equal('community.general.copy');
  });

  it('keeps templates that give arguments apart from those that are written', () => {
    const [one, two, three] = tasks(`
- copy: "{{ all }}"
- copy: { src: a }
  args: "{{ more }}"
- copy: "{{ all }} dest=/b"
`);
    expect([one?.argsTemplate, args(one)]).to.deep.equal(['{{ all }}', {}]);
    expect([two?.argsTemplate, args(two)]).to.deep.equal(['{{ more }}', { src: 'a' }]);
    expect([three?.argsTemplate, args(three)]).to.deep.equal(['{{ all }}', { dest: '/b' }]);
  });

  it('runs on this machine as a local_action', () => {
    const [task] = tasks('- local_action: command ls');
    expect(task?.action).to.equal('command');
    expect(toPlain(task?.keywords ?? null)).to.deep.equal({ delegate_to: 'localhost', connection: 'local' });
  });

  it('knows the module user, which is a keyword of plays', () => {
    const [task] = tasks('- user: { name: web }');
    expect([task?.action, task?.keywords.size]).to.deep.equal(['user', 0]);
  });

  it('knows the place of each of its parts', () => {
    const [task] = tasks(`
- name: one
  command: { cmd: ls, chdir: /b }
  args:
    creates: /a
  when: x is defined
  with_items: [a]
`);
    expect(`${task?.where.line}:${task?.where.column}`).to.equal('4:7');
    expect(`${task?.argsWhere.line}:${task?.argsWhere.column}`).to.equal('5:7');
    expect(place(task?.args, 'chdir')).to.equal('5:34');
    expect(place(task?.args, 'creates')).to.equal('7:18');
    expect(place(task?.keywords, 'when')).to.equal('8:13');
    expect(task?.loop).to.deep.include({ kind: 'with', plugin: 'items', items: ['a'] });
    expect(task?.loop?.where.line).to.equal(9);
  });
});

describe('a play', () => {
  it('may have sections that hold nothing', () => {
    const { plays } = load('- hosts: all\n  tasks:\n  roles:\n  pre_tasks: []\n  handlers:\n  vars:\n');
    expect(plays[0]?.sections.map((section) => section.entries.length)).to.deep.equal([0, 0, 0]);
  });

  it('takes user for remote_user', () => {
    const { plays } = load('- hosts: all\n  user: deploy\n');
    expect(plays[0]?.keywords.get('remote_user')).to.equal('deploy');
  });

  it('nests blocks with rescue and always', () => {
    const text = `
- hosts: all
  tasks:
    - name: outer
      block:
        - block: [{ name: inner, ping: }]
          vars: { a: 1 }
      rescue: [{ name: rescue, ping: }]
      always: [{ name: always, ping: }]
      become: yes
`;
    const outer = asBlock(entries(load(text))[0]);
    expect([names(outer.block), names(outer.rescue), names(outer.always)]).to.deep.equal([
      ['inner'],
      ['rescue'],
      ['always'],
    ]);
    expect(toPlain(outer.keywords)).to.deep.equal({ become: true });
    expect(toPlain(asBlock(outer.block[0]).vars)).to.deep.equal({ a: 1 });
  });

  it('of a thousand tasks is read in well under a second', () => {
    const task = (at: number) =>
      `    - name: task ${at}\n      copy: { src: a, dest: /etc/a${at} }\n      when: x is defined\n      tags: [a, b]\n`;
    const text = `- hosts: all\n  tasks:\n${Array.from({ length: 1000 }, (_, at) => task(at)).join('')}`;
    const before = performance.now();
    expect(entries(load(text))).to.have.length(1000);
    expect(performance.now() - before).to.be.below(2000);
  });
});

describe('names of imports', () => {
  const tree = (name: string) => ({
    'site.yml': `
- hosts: all
  vars: { of_play: found, both: of_play, file: a }
  vars_files: ["{{ file }}.yml", [nosuch.yml, b.yml]]
  tasks:
    - import_tasks: "{{ ${name} }}.yml"
      vars: { own: found }
`,
    'a.yml': 'of_file: found\nboth: found\n',
    'vars/b.yml': 'of_second: found\n',
    'found.yml': '- name: found\n  ping:\n',
    'extra.yml': '- name: extra\n  ping:\n',
  });

  for (const [what, name] of [
    ['variables of the play', 'of_play'],
    ['vars of the import', 'own'],
    ['vars_files', 'of_file'],
    ['vars_files before the vars of the play', 'both'],
    ['the first of several vars_files', 'of_second'],
  ] as const) {
    it(`see ${what}`, () => {
      expect(names(entries(load(tree(name))))).to.deep.equal(['found']);
    });
  }

  it('see extra variables first', () => {
    expect(names(entries(load(tree('own'), dict({ own: 'extra' }))))).to.deep.equal(['extra']);
  });
});

describe('files that are included', () => {
  const tree = {
    'one.yml': '- name: of the playbook\n  ping:\n',
    'sub/here.yml': '- name: beside\n  ping:\n',
    'roles/web/tasks/one.yml': '- name: of the role\n  ping:\n',
    'roles/web/tasks/sub/one.yml': '- name: beside\n  ping:\n',
    'roles/web/tasks/sub/main.yml': '- import_tasks: one.yml\n',
    'roles/web/handlers/one.yml': '- name: handler\n  ping:\n  listen: x\n',
    'tasks/of-playbook.yml': '',
  };

  it('are found beside the file that includes them, then beside the playbook', () => {
    const directory = files(tree);
    const inSub = context(directory, { directory: join(directory, 'sub') });
    expect(findTaskFile('here.yml', inSub)).to.equal(join(directory, 'sub/here.yml'));
    expect(findTaskFile('one.yml', inSub)).to.equal(join(directory, 'one.yml'));
    expect(findTaskFile(join(directory, 'one.yml'), inSub)).to.equal(join(directory, 'one.yml'));
  });

  it('are found in a role: included ones in its tasks first, imported ones beside the import first', () => {
    const directory = files(tree);
    const role = loadRole('web', { where: { file: 'x' }, tasksFrom: 'sub/main' }, context(directory));
    expect(names([role])).to.deep.equal(['beside']);
    const inSub = context(directory, { role: role.role, directory: join(directory, 'roles/web/tasks/sub') });
    expect(findTaskFile('one.yml', inSub)).to.equal(join(directory, 'roles/web/tasks/one.yml'));
    expect(findTaskFile('of-playbook.yml', inSub)).to.equal(join(directory, 'tasks/of-playbook.yml'));
    expect(findTaskFile('one.yml', { ...inSub, handlers: true })).to.equal(
      join(directory, 'roles/web/handlers/one.yml'),
    );
  });

  it('are nowhere: the fault tells where it looked', () => {
    const directory = files(tree);
    expect(() => findTaskFile('nosuch.yml', context(directory, { directory: join(directory, 'sub') })))
      .to.throw(Fault)
      .with.property(
        'message',
        `Could not find or access 'nosuch.yml'\nSearched in:\n\t${directory}/sub/nosuch.yml\n\t${directory}/nosuch.yml`,
      );
  });

  it('are read with their own directory, handlers with their keywords', () => {
    const directory = files(tree);
    const [task] = loadTaskFile(join(directory, 'sub/here.yml'), context(directory));
    expect(asTask(task).directory).to.equal(join(directory, 'sub'));
    const file = join(directory, 'roles/web/handlers/one.yml');
    const [handler] = loadTaskFile(file, context(directory, { handlers: true }));
    expect(handler?.keywords.get('listen')).to.equal('x');
    const strict = context(directory);
    loadTaskFile(file, strict);
    expect(strict.findings.faults.map(({ code }) => code)).to.deep.equal(['keyword-unknown']);
  });
});

describe('a role', () => {
  const tree = {
    'roles/web/tasks/main.yml': '- name: main\n  ping:\n',
    'roles/web/tasks/other.yml': '- name: other\n  ping:\n',
    'roles/web/vars/other.yml': 'v: other\n',
    'roles/web/defaults/other': 'd: other\n',
    'roles/web/defaults/other.yml': 'd: with an ending\n',
    'roles/web/handlers/other.yaml': '- name: handler\n  ping:\n',
    'elsewhere/db/tasks/main.yml': '- name: db\n  ping:\n',
  };
  const where = { file: 'x', line: 1, column: 1 };

  it('is read from the files that are asked for', () => {
    const block = loadRole(
      'web',
      { where, tasksFrom: 'other.yml', varsFrom: 'other', defaultsFrom: 'other', handlersFrom: 'other' },
      context(files(tree)),
    );
    expect(names([block])).to.deep.equal(['other']);
    expect(names(block.role?.handlers ?? [])).to.deep.equal(['handler']);
    expect(toPlain(block.role?.vars ?? null)).to.deep.equal({ v: 'other' });
    expect(toPlain(block.role?.defaults ?? null)).to.deep.equal({ d: 'other' });
  });

  it('is found in given directories, in those of ANSIBLE_ROLES_PATH, and by its path', () => {
    const directory = files(tree);
    const elsewhere = join(directory, 'elsewhere');
    const given = loadRole('db', { where }, context(directory, { rolesPath: [elsewhere] }));
    expect(given.role?.path).to.equal(join(elsewhere, 'db'));
    expect(loadRole(join(elsewhere, 'db'), { where }, context(directory)).role?.path).to.equal(join(elsewhere, 'db'));
    process.env['ANSIBLE_ROLES_PATH'] = `/nosuch:${elsewhere}`;
    try {
      expect(loadRole('db', { where }, context(directory)).role?.path).to.equal(join(elsewhere, 'db'));
    } finally {
      delete process.env['ANSIBLE_ROLES_PATH'];
    }
    expect(() => loadRole('db', { where }, context(directory))).to.throw(
      Fault,
      /the role 'db' was not found in .*roles:/,
    );
  });

  it('of a collection that the play names needs no prefix', () => {
    const tasksOf = 'collections/ansible_collections/acme/tools/roles/shared/tasks/main.yml';
    const { plays } = load({
      'site.yml': '- hosts: all\n  collections: [acme.tools]\n  roles: [shared]\n',
      [tasksOf]: '- name: shared\n  ping:\n',
    });
    expect(names(plays[0]?.sections[1]?.entries ?? [])).to.deep.equal(['shared']);
  });

  it('that two plays use has each of its faults once', () => {
    const directory = files({
      'site.yml': '- hosts: a\n  roles: [bad]\n- hosts: b\n  roles: [bad]\n',
      'roles/bad/tasks/main.yml': '- ping:\n  whne: x\n- ping:\n  become: perhaps\n',
    });
    const findings = new Findings();
    loadPlaybook(join(directory, 'site.yml'), { findings, extraVars: new Map() });
    expect(findings.faults.map(({ where: at }) => at?.line)).to.deep.equal([2, 4]);
  });
});

describe('vars_files', () => {
  it('are looked for in vars/ before beside the playbook, as names of imports need them', () => {
    const { plays } = load({
      'site.yml': '- hosts: all\n  vars_files: v.yml\n  tasks:\n    - import_tasks: "{{ name }}.yml"\n',
      'v.yml': 'name: beside\n',
      'vars/v.yml': 'name: inside\n',
      'inside.yml': '- name: inside\n  ping:\n',
    });
    expect(names(plays[0]?.sections[1]?.entries ?? [])).to.deep.equal(['inside']);
  });
});
