/** What `bake --lint` says of each kind of task. */

import { expect } from 'chai';
import { bakeLint } from '../../src/cli/bake-lint.ts';
import { faultsOf } from '../../src/fault.ts';
import type { LintedTask } from '../../src/play/bake-lint.ts';
import { lintForBake } from '../../src/play/lint-for-bake.ts';
import { memoryScreen } from '../report/memory-screen.ts';
import { BakeFolder } from './bake-run.ts';

const play = (tasks: string, more = '') => `
- hosts: web
  tasks:
${tasks.trim().replaceAll(/^/gm, '    ')}
${more}`;

describe('play: the lint of a bake', () => {
  let folder: BakeFolder;
  beforeEach(() => {
    folder = new BakeFolder();
  });
  afterEach(() => folder.remove());

  async function lint(files: Readonly<Record<string, string>>): Promise<readonly LintedTask[]> {
    folder.write(files);
    const { playbooks } = await lintForBake({ playbooks: [`${folder.path}/play.yml`] });
    return playbooks.flatMap(({ plays }) => plays.flatMap(({ tasks }) => tasks));
  }

  /** `verdict: reason` of one task; ✖ where a bake would fail. */
  async function told(task: string): Promise<string> {
    const [linted] = await lint({ 'play.yml': play(task) });
    const { verdict, reason, problem } = linted ?? {};
    return `${problem ? '✖ ' : ''}${verdict}${reason === undefined ? '' : `: ${reason}`}`;
  }

  const skipped = 'live only: skipped: services of an image start when it boots';
  const expected: readonly (readonly [task: string, told: string])[] = [
    ['- apt: { name: nginx }', 'bakeable'],
    ['- ping:', 'bakeable'],
    ['- service: { name: a, state: restarted }', 'bakeable: starts at boot, not now'],
    ['- systemd: { name: a, state: "{{ s }}" }', 'bakeable: where it is to run: starts at boot, not now'],
    ['- service: { name: a, enabled: true }', 'bakeable'],
    [
      '- service: { name: a, state: started, enabled: false }',
      'bakeable: enabled is false: it starts neither now nor at boot',
    ],
    ['- service: { name: a, state: stopped }', 'bakeable: stops now; whether it starts at boot is for enabled to say'],
    [
      '- service: { name: a, state: started }\n  vars: { playbake_now: true }',
      'bakeable: at once, as live: playbake_now',
    ],
    ['- block: [{ reboot: }]\n  vars: { playbake_now: yes }', 'bakeable: at once, as live: playbake_now'],
    ['- reboot:', 'bakeable: left to the boot of the image'],
    ['- hostname: { name: a }', 'live only: skipped: an image has no name of its own'],
    ['- wait_for: { port: 80 }', skipped],
    ['- wait_for: { path: /run/app.sock }', skipped],
    ['- wait_for: { path: /srv/app }', 'bakeable'],
    ['- wait_for: { host: db1, port: 80 }', 'bakeable: waits for db1 while the image is made'],
    ['- wait_for: { port: 80, state: stopped }', 'bakeable'],
    ['- uri: { url: "https://me:pw@localhost:8443/x" }', skipped],
    ['- uri: { url: "http://{{ inventory_hostname }}/x" }', skipped],
    ['- uri: { url: "https://example.org/x" }', 'bakeable'],
    ['- pause:', 'live only: nobody need watch a bake'],
    ['- pause: { seconds: 2 }', 'bakeable: the bake waits too'],
    ['- add_host: { name: x }', 'live only: there is one host in a bake: plays for others run on it'],
    ['- group_by: { key: x }', 'bakeable: the machine joins the group'],
    ['- command: echo\n  delegate_to: localhost', 'bakeable: runs on the control machine'],
    ['- local_action: { module: command, cmd: echo }', 'bakeable: runs on the control machine'],
    [
      '- command: echo\n  delegate_to: lb1',
      '✖ live only: delegate_to: lb1 is another host, and a bake touches none but its machine',
    ],
    [
      '- command: echo\n  delegate_to: lb1\n  when: drain',
      'live only: delegate_to: lb1 is another host, and a bake touches none but its machine',
    ],
    ['- command: echo\n  delegate_to: "{{ lb }}"', 'bakeable: fails if {{ lb }} is another host'],
    [
      "- command: echo\n  delegate_to: lb1\n  when: playbake_mode == 'live' and drain",
      'live only: its condition never holds in a bake',
    ],
    ['- iptables: { chain: INPUT }', '✖ live only: playbake has no module iptables'],
    ['- iptables: { chain: INPUT }\n  when: x', 'bakeable: playbake has no module iptables; it fails if it is reached'],
    ['- command: echo\n  tags: [verify]', 'verified in the test of the image'],
    ['- command: echo\n  tags: [first_boot]', 'at first boot'],
    ['- command: echo\n  tags: [never, more]', 'bakeable: only when one of its tags is asked for'],
    [
      '- replace: { path: /a, regexp: a }\n  tags: first_boot',
      '✖ live only: replace cannot be compiled for the first boot: it decides while it looks at the host',
    ],
    [
      '- command: join {{ ansible_default_ipv4.address }}\n  tags: first_boot',
      '✖ live only: a task of the first boot reads ansible_default_ipv4: it is known only when the host boots',
    ],
    ['- include_tasks: "{{ x }}.yml"', 'bakeable: what it includes shows in the bake'],
    ['- { command: sleep 1, async: 10, poll: 0 }', 'bakeable: what still runs when the image is taken is lost'],
  ];
  for (const [task, verdict] of expected) {
    it(`says of ${task.replaceAll('\n', ' ').replaceAll(/ +/g, ' ')}`, async () => {
      expect(await told(task)).to.equal(verdict);
    });
  }

  it('follows roles, blocks, includes and handlers, with lines of their own files', async () => {
    const tasks = await lint({
      'play.yml': play(
        '- block: [{ include_tasks: more.yml }]\n  tags: [verify]\n- include_role: { name: one }',
        '  roles: [one]\n  handlers: [{ name: again, service: { name: a, state: restarted } }]\n',
      ),
      'more.yml': '- hostname: { name: a }\n',
      'roles/one/tasks/main.yml': '\n- { name: of a role, command: echo }\n',
    });
    const shown = tasks.map(({ name, verdict, where, handler }) =>
      [name, verdict, `${where.file.replace(/^.*\//, '')}:${where.line}`, ...(handler ? ['handler'] : [])].join(' '),
    );
    expect(shown).to.deep.equal([
      'one : of a role bakeable main.yml:2',
      'include_tasks verified in the test of the image play.yml:4',
      'hostname verified in the test of the image more.yml:1',
      'include_role bakeable play.yml:6',
      'again bakeable play.yml:8 handler',
    ]);
  });

  it('says what to change: facts of the build machine, results that are missing, services started by hand', async () => {
    const tasks = await lint({
      'play.yml': play(`
- template: { src: a.j2, dest: /etc/a }
- uri: { url: "http://localhost/" }
  register: health
- assert: { that: health.status == 200 }
- assert: { that: health is skipped or health.status == 200 }
- shell: systemctl restart nginx
- command: systemctl daemon-reload
- command: /sbin/reboot
- command: hostnamectl set-hostname a
- command: echo {{ ansible_os_family }} {{ ansible_facts['hostname'] }} ansible_hostname
`),
      'templates/a.j2': 'ip={{ ansible_facts.default_ipv4.address }}\n{% if ansible_memtotal_mb > 1 %}x{% endif %}\n',
    });
    expect(tasks.map(({ advice }) => advice.map((text) => text.replace(/, which is.*|:.*/, '')))).to.deep.equal([
      ['it reads ansible_default_ipv4', 'it reads ansible_memtotal_mb'],
      ['to do it in the test of the image'],
      ['it reads health, which line 5 does not give in a bake'],
      [],
      ['what it starts does not run later'],
      [],
      ['the bake loses its machine'],
      ['an image has no name'],
      ['it reads ansible_hostname'],
    ]);
  });

  it('notes of plays what a bake makes of them', async () => {
    folder.write({
      'play.yml':
        '- hosts: "{{ x }}"\n  serial: 2\n  vars_prompt: [{ name: a }]\n  tasks: []\n- hosts: localhost\n  tasks: []\n',
    });
    const { playbooks } = await lintForBake({ playbooks: [`${folder.path}/play.yml`] });
    const notes = playbooks.flatMap(({ plays }) => plays.flatMap((one) => one.notes));
    expect(notes.map(({ text, where }) => `${where.line} ${text}`)).to.deep.equal([
      '2 serial has nothing to do: there is one host in a bake',
      '1 its hosts are a template: it runs on the machine whatever they are',
      '1 vars_prompt asks nobody in a bake: give the answers with -e',
      '5 it runs on the control machine, as ever',
    ]);
  });

  it('refuses a wrong playbook as a play does', async () => {
    const error = await lint({ 'play.yml': '- hosts: web\n  task: []\n' }).catch((caught: unknown) => caught);
    expect(faultsOf(error)?.[0]?.where?.line).to.equal(2);
    const missing = await lintForBake({ playbooks: ['nowhere.yml'] }).catch((caught: unknown) => caught);
    expect(faultsOf(missing)?.[0]?.message).to.equal('the playbook: nowhere.yml could not be found');
  });

  describe('is shown', () => {
    const text = play(
      '- { name: Install nginx, apt: { name: nginx } }\n- { uri: { url: http://lb1/ }, delegate_to: lb1 }\n- { command: join, tags: first_boot }\n- { command: see, tags: verify }',
    );

    async function shown(json: boolean): Promise<{ readonly code: number; readonly out: string }> {
      folder.write({ 'play.yml': text });
      const screen = memoryScreen({ directory: folder.path });
      const options = { playbooks: [`${folder.path}/play.yml`], extraVars: [], json };
      const code = await bakeLint(options, {
        ...{ screen, env: {}, live: false, interactive: false, signal: new AbortController().signal },
        ask: async () => '',
      });
      return { code, out: screen.stdout };
    }

    it('as a table', async () => {
      const { code, out } = await shown(false);
      expect(code).to.equal(2);
      expect(out).to.equal(
        `
PLAY [web]  play.yml:2
     4  bakeable       Install nginx (apt)
✖    5  live only      uri                  delegate_to: lb1 is another host, and a bake touches none but its machine
        → leave it out of bakes with  when: playbake_mode == 'live'
     6  at first boot  command
     7  in the test    command

4 tasks: 1 bakeable, 1 at first boot, 1 live only, 1 verified in the test of the image; a bake would fail with one of them (✖)
`.replace('      4', '     4'),
      );
    });

    it('as JSON', async () => {
      const { code, out } = await shown(true);
      expect(code).to.equal(2);
      const { playbooks } = JSON.parse(out) as { playbooks: { plays: { tasks: LintedTask[] }[] }[] };
      const [, second] = playbooks[0]?.plays[0]?.tasks ?? [];
      expect(second).to.deep.equal({
        ...{ name: 'uri', action: 'uri', handler: false, verdict: 'live only', problem: true },
        where: { file: `${folder.path}/play.yml`, line: 5, column: 7 },
        reason: 'delegate_to: lb1 is another host, and a bake touches none but its machine',
        advice: ["leave it out of bakes with  when: playbake_mode == 'live'"],
      });
    });
  });
});
