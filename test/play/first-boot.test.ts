/** Tasks of the first boot: what becomes of them, run in real shells with their directories elsewhere. */

import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect } from 'chai';
import { faultsOf } from '../../src/fault.ts';
import type { BootFile } from '../../src/play/first-boot/boot-plan.ts';
import { SHELLS } from '../support/shells.ts';
import { BakeFolder } from './bake-run.ts';

/** A play of these tasks, all of the first boot. */
const play = (tasks: string, more = '') => `
- hosts: web
  gather_facts: false
  tags: first_boot
  vars: { greeting: hello, files: [one, two] }
  tasks:
${tasks.trim().replaceAll(/^/gm, '    ')}
${more}`;

interface Boot {
  readonly code: number;
  readonly log: string;
}

describe('play: the first boot', () => {
  let folder: BakeFolder;
  let host: string;
  beforeEach(() => {
    folder = new BakeFolder();
    host = mkdtempSync(join(tmpdir(), 'playbake-boot-'));
  });
  afterEach(() => {
    folder.remove();
    rmSync(host, { recursive: true });
  });

  /** `<host>` in texts is a directory of the host that boots. */
  const filesOf = (text: string, more: Readonly<Record<string, string>> = {}) =>
    folder.bootFiles({ 'play.yml': text.replaceAll('<host>', host), ...more });

  const moved = (text: string) =>
    text
      .replaceAll('/usr/lib/playbake/first-boot', join(host, 'lib'))
      .replaceAll('/var/lib/playbake/first-boot', join(host, 'state'));

  function put(files: readonly BootFile[]): void {
    mkdirSync(join(host, 'lib'), { recursive: true });
    for (const { path, mode, content } of files) {
      if (!path.startsWith('/usr/lib/')) continue;
      const to = join(host, 'lib', basename(path));
      writeFileSync(to, typeof content === 'string' ? moved(content) : content);
      chmodSync(to, Number.parseInt(mode, 8));
    }
  }

  function boot(shell: readonly string[] = ['sh']): Promise<Boot> {
    const [program = '', ...args] = shell;
    return new Promise((resolve) => {
      execFile(program, [...args, join(host, 'lib/run.sh')], (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, log: stdout + stderr }),
      );
    });
  }

  const read = (name: string) => readFileSync(join(host, name), 'utf8');

  async function faults(text: string): Promise<readonly string[]> {
    try {
      await filesOf(text);
    } catch (error) {
      return (faultsOf(error) ?? [error]).map((one) => {
        const { code, where, message } = one as { code: string; where?: { line: number }; message: string };
        return `${code} ${where?.line} ${message}`;
      });
    }
    return [];
  }

  it('is a unit that runs once, and scripts that only root may read', async () => {
    const files = await filesOf(play('- command: echo'));
    expect(files.map(({ path, mode }) => [path, mode])).to.deep.equal([
      ['/etc/systemd/system/playbake-first-boot.service', '0644'],
      ['/usr/lib/playbake/first-boot/prelude.sh', '0644'],
      ['/usr/lib/playbake/first-boot/run.sh', '0700'],
    ]);
    expect(files[0]?.content)
      .to.match(/^ConditionPathExists=!\/var\/lib\/playbake\/first-boot\/done$/m)
      .and.match(/^After=network-online.target /m);
    expect(await filesOf(play('- command: echo').replace('tags: first_boot', 'tags: other'))).to.deep.equal([]);
  });

  const everything = play(
    `
- copy: { content: "{{ greeting }} it's \\"me\\"\\n", dest: "<host>/a", mode: "0640" }
  notify: tell
- copy: { content: "{{ item }}", dest: "<host>/{{ item }}" }
  loop: "{{ files }}"
  when: item != 'two'
- file: { path: "<host>/there", state: touch, mode: "0600" }
  when: greeting == 'other'
- name: judged
  shell: "echo $ONE; pwd >&2"
  environment: { ONE: "it's 1" }
  changed_when: false
  notify: never
- shell: "echo out; echo err >&2; exit 3"
  ignore_errors: true
- debug: { msg: "{{ greeting }}" }
- set_fact: { later: "of {{ greeting }}" }
- copy: { content: "{{ later }}", dest: "<host>/later" }
- template: { src: t.j2, dest: "<host>/t" }
- meta: flush_handlers
- shell: "cat '<host>/handled' >'<host>/after'"
- shell: 'echo "tried" >>"<host>/tries"; [ "$(wc -l <"<host>/tries")" -ge 3 ]'
  retries: 5
  delay: 0
`,
    `
  handlers:
    - { name: second, listen: tell, shell: "echo second >>'<host>/handled'" }
    - { name: tell, shell: "echo first >>'<host>/handled'" }
    - { name: never, shell: "echo never >>'<host>/handled'" }
`,
  );

  for (const [name, shell] of SHELLS.filter(([one]) => one !== 'sh')) {
    it(`runs what compiles, once, in ${name}`, async () => {
      put(await filesOf(everything, { 'templates/t.j2': 'has {{ files | join(",") }}\n' }));
      const { code, log } = await boot(shell);
      expect(code, log).to.equal(0);
      expect(log.replaceAll(host, '<host>').split('\n')).to.deep.equal([
        'changed: copy',
        'changed: copy (item=one)',
        'changed: copy',
        'ok: judged',
        '    it ended with exit code 3',
        '    out',
        '    err',
        'failed, ignored: shell',
        '    "hello"',
        'ok: debug',
        'ok: set_fact',
        'changed: copy',
        'changed: template',
        'changed: second',
        'changed: tell',
        'changed: shell',
        '    it ended with exit code 1',
        'retrying: shell (1 of 5)',
        '    it ended with exit code 1',
        'retrying: shell (2 of 5)',
        'changed: shell',
        'first boot: 12 done, 8 changed',
        '',
      ]);
      expect([read('a'), read('one'), read('later'), read('t'), read('after')]).to.deep.equal([
        'hello it\'s "me"\n',
        'one',
        'of hello',
        'has one,two\n',
        'second\nfirst\n',
      ]);
      expect(existsSync(join(host, 'there'))).to.equal(false);
      expect(existsSync(join(host, 'state/done'))).to.equal(true);
    });

    it(`stops at the first failure, and goes on there, in ${name}`, async () => {
      const file = play(
        `
- shell: "echo once >>'<host>/once'"
  notify: tell
- name: needs it
  shell: "[ -e '<host>/needed' ] || { echo not there; exit 7; }"
- { name: secret, shell: "echo hunter2; [ -e '<host>/more' ]", no_log: true }
- shell: touch '<host>/last'
`,
        '  handlers: [{ name: tell, shell: "echo told >>\'<host>/told\'" }]\n',
      );
      put(await filesOf(file));
      const first = await boot(shell);
      expect(first.code).to.equal(1);
      expect(first.log).to.match(/^changed: shell\n {4}it ended with exit code 7\n {4}not there\nfailed: needs it\n/);
      writeFileSync(join(host, 'needed'), '');
      const second = await boot(shell);
      expect(second.code).to.equal(1);
      expect(second.log).to.match(/^done before: shell\nchanged: needs it\nfailed: secret\n/);
      expect(existsSync(join(host, 'last')) || existsSync(join(host, 'state/done'))).to.equal(false);
      writeFileSync(join(host, 'more'), '');
      const third = await boot(shell);
      expect(third.code, third.log).to.equal(0);
      expect([read('once'), read('told')]).to.deep.equal(['once\n', 'told\n']);
      expect(existsSync(join(host, 'last'))).to.equal(true);
    });
  }

  it('waits for ports and paths, and says what it waited for in vain', async () => {
    put(
      await filesOf(
        play(`
- wait_for: { path: "<host>/lib" }
- wait_for: { port: 1, state: stopped }
- wait_for: { port: 1, timeout: 1 }
`),
      ),
    );
    const { code, log } = await boot();
    expect(code).to.equal(1);
    expect(log.split('\n').slice(0, 5)).to.deep.equal([
      'ok: wait_for',
      'ok: wait_for',
      '    it ended with exit code 1',
      '    Timeout when waiting for 127.0.0.1:1',
      'failed: wait_for',
    ]);
  });

  it('carries contents of any size beside the script', async () => {
    const large = 'x'.repeat(100_000);
    const files = await filesOf(play('- copy: { src: large, dest: "<host>/large" }'), { 'files/large': large });
    expect(files).to.have.length(4);
    expect(files[3]).to.include({ mode: '0600' });
    put(files);
    expect((await boot()).code).to.equal(0);
    expect(read('large')).to.equal(large);
  });

  it('holds what blocks, roles and includes bring, and only what is tagged', async () => {
    const text = `
- hosts: web
  gather_facts: false
  roles: [{ role: one, tags: first_boot }]
  tasks:
    - { command: echo now, register: known }
    - block: [{ name: in a block, command: "echo {{ greeting }}" }]
      tags: first_boot
      vars: { greeting: of the block }
    - include_tasks: { file: dynamic.yml, apply: { vars: { deep: 1 } } }
    - { include_tasks: whole.yml, tags: first_boot }
    - { name: verified, command: echo, tags: [first_boot, never] }
    - { name: outside, command: echo }
`;
    const files = await filesOf(text, {
      'roles/one/tasks/main.yml': '- { name: of a role, command: echo }\n',
      'dynamic.yml': '- { name: tagged inside, command: echo, tags: first_boot }\n- { name: not, command: echo }\n',
      'whole.yml': '- { name: all of it, command: echo }\n',
    });
    const names = [...String(files.at(-1)?.content).matchAll(/boot_task \w+ (?:'([^']+)'|(\S+)) /g)];
    expect(names.map(([, quoted, plain]) => quoted ?? plain)).to.deep.equal([
      'one : of a role',
      'in a block',
      'tagged inside',
      'all of it',
    ]);
  });

  /** Each without its code, with its line. */
  const lines = (told: readonly string[]) =>
    told.map((one) => one.replace('first-boot-unsupported ', '').replace(/\n.*/s, ''));

  it('refuses what cannot be compiled, before a machine is made where the playbook alone tells', async () => {
    const told = await faults(
      play(`
- lineinfile: { path: /etc/hosts, line: x }
- { command: echo, delegate_to: localhost }
- { command: echo, async: 10 }
- { command: echo, register: first, until: first.rc == 0 }
- { replace: { path: /etc/hosts, regexp: x }, tags: more }
`),
    );
    expect(lines(told)).to.deep.equal([
      '7 lineinfile cannot be compiled for the first boot: it decides while it looks at the host',
      '8 delegate_to at the first boot: only the host itself is there',
      '9 async at the first boot: it can wait for nothing that runs on',
      '10 until at the first boot: its result cannot be judged; write the loop into a command, or use retries alone',
      '11 replace cannot be compiled for the first boot: it decides while it looks at the host',
    ]);
  });

  it('refuses what only templates tell, all at once', async () => {
    const told = await faults(
      play(`
- { command: echo, register: before }
- { debug: { msg: "{{ before.stdout }}" } }
- command: echo
  when: ansible_default_ipv4.address is defined
- command: echo {{ ansible_facts['hostname'] }} {{ ansible_facts['os_family'] }}
- command: echo {{ inventory_hostname }} {{ ansible_os_family }}
- { pause: { seconds: 1 } }
- { add_host: { name: x } }
- { assert: { that: 1 == 2 } }
- { command: echo, register: own, changed_when: own.rc == 1 }
- block: [{ command: echo }]
  rescue: [{ command: echo }]
- { file: { path: ~/x, state: touch } }
- { command: echo, loop: "{{ before.stdout_lines }}" }
- { include_tasks: "{{ before.stdout }}.yml" }
- { wait_for: { path: /a, search_regex: x } }
- { command: echo, failed_when: false, changed_when: ansible_os_family == 'x' }
`).replace('gather_facts: false', 'gather_facts: true'),
    );
    const boot = 'a task of the first boot reads';
    const late = `${boot} before: a task of the first boot registers it, when it is too late`;
    expect(lines(told)).to.deep.equal([
      `8 ${late}`,
      `9 The conditional check 'ansible_default_ipv4.address is defined' failed. The error was: error while evaluating conditional (ansible_default_ipv4.address is defined): ${boot} ansible_default_ipv4: it is known only when the host boots`,
      `11 ${boot} ansible_facts.hostname: it is known only when the host boots`,
      `12 ${boot} inventory_hostname: it is the image’s name here, and a host learns its own when it boots`,
      '13 pause at the first boot: nobody waits there',
      '14 add_host cannot be done at the first boot',
      '15 assert would fail at every first boot: Assertion failed',
      '16 changed_when cannot be judged at the first boot: a task of the first boot reads own: a task of the first boot registers it, when it is too late',
      '17 a task of the first boot cannot stand in a block with rescue',
      '19 file asks the host before it can be compiled',
      `20 ${late}`,
      `21 ${late}`,
      '22 wait_for cannot be compiled for the first boot: it decides while it looks at the host',
    ]);
  });
});
