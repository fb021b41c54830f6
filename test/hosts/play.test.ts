/** Plays on real hosts: who may do what, hosts that are down, cut off or slow, and Ctrl-C. */

import { execFile } from 'node:child_process';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { type Outcome, startBin } from '../cli/run-bin.ts';
import { ownSandbox } from '../support/own-sandbox.ts';

const exec = promisify(execFile);

describe('play on real hosts', function () {
  this.timeout(300_000);
  let sandbox: Sandbox;
  let folder: string;

  before(async () => {
    ({ sandbox } = await ownSandbox(2));
    folder = await mkdtemp(join(tmpdir(), 'playbake-play-'));
  });

  after(async () => {
    await sandbox.down({ purge: true });
    await rm(folder, { recursive: true });
  });

  async function on(name: string, command: string): Promise<string> {
    const quoted = `'${command.replaceAll("'", `'\\''`)}'`;
    const [program = '', ...args] = await sandbox.sshCommand(name, [`sudo sh -c ${quoted}`]);
    return (await exec(program, args)).stdout.trim();
  }

  /** Starts a play of these tasks, written as in a playbook. */
  async function start(tasks: string, args: readonly string[] = [], keywords = '') {
    const file = join(folder, 'play.yml');
    const indented = tasks.trim().replaceAll(/^/gm, '    ');
    await writeFile(file, `- hosts: all\n  gather_facts: false\n${keywords}  tasks:\n${indented}\n`);
    return startBin('play', ['-i', sandbox.inventoryFile, file, ...args], { cwd: folder });
  }

  async function play(tasks: string, args: readonly string[] = [], keywords = ''): Promise<Outcome> {
    return (await start(tasks, args, keywords)).outcome;
  }

  const recap = ({ stdout }: Outcome, name: string) =>
    new RegExp(`^${name} +: (.*?) *$`, 'm').exec(stdout)?.[1]?.replaceAll(/ +/g, ' ');

  /** Waits until a command on a host says something. */
  async function until(name: string, command: string): Promise<void> {
    for (let tries = 0; tries < 100; tries++) {
      if ((await on(name, `${command} || true`)) !== '') return;
      await sleep(50);
    }
    throw new Error(`${name}: ${command} says nothing`);
  }

  /** Our temporary files and directories. */
  const leftovers = (name: string) =>
    on(
      name,
      "find /dev/shm /tmp /var/tmp /root /home -name '*pb*' -o -name '*playbake*' -o -name '.pb*' 2>/dev/null | sort",
    );

  it('becomes root, and another user, for commands, copies and templates', async () => {
    await writeFile(join(folder, 'greeting.j2'), 'Hello from {{ who }}\n');
    const outcome = await play(
      `
- command: id -un
  register: me
- command: id -un
  become: true
  register: root
- command: id -un
  become: true
  become_user: ops
  register: other
- debug: msg="{{ [me.stdout, root.stdout, other.stdout] | join(' ') }}"
- copy: { content: "of ops\\n", dest: /home/ops/copied, mode: "0600" }
  become: true
  become_user: ops
- template: { src: greeting.j2, dest: /home/ops/greeting, mode: "0640" }
  become: true
  become_user: ops
  vars: { who: "{{ inventory_hostname }}" }
- copy: { src: greeting.j2, dest: /etc/greeting, mode: "0644" }
  become: true
- copy: { content: no, dest: /etc/forbidden }
  ignore_errors: true
  register: refused
- assert: { that: [refused is failed, "'ermission denied' in refused.msg or 'not writable' in refused.msg"] }
`,
    );
    expect(outcome.code, outcome.stdout + outcome.stderr).to.equal(0);
    expect(outcome.stdout).to.contain('"msg": "ubuntu root ops"');
    const files = await on(
      'web2',
      "stat -c '%U:%G %a %n' /home/ops/copied /home/ops/greeting /etc/greeting; cat /home/ops/greeting",
    );
    expect(files).to.equal(
      'ops:ops 600 /home/ops/copied\nops:ops 640 /home/ops/greeting\nroot:root 644 /etc/greeting\nHello from web2',
    );
    expect(await leftovers('web1')).to.equal('');
  });

  it('goes on without a host that is down, or that does not answer', async () => {
    const silent: Server = createServer(() => undefined).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const inventory = join(folder, 'more');
    await writeFile(
      inventory,
      `down ansible_host=127.0.0.1 ansible_port=1\nhangs ansible_host=127.0.0.1 ansible_port=${port} ansible_timeout=2\n`,
    );
    const started = performance.now();
    const outcome = await play('- command: hostname\n- command: hostname', ['-i', inventory]);
    const seconds = (performance.now() - started) / 1000;
    silent.close();
    expect(outcome.code).to.equal(4);
    expect(outcome.stdout).to.match(
      /^fatal: \[down\]: UNREACHABLE! => \{"changed": false, "msg": ".*", "unreachable": true\}$/m,
    );
    expect(recap(outcome, 'web1')).to.equal('ok=2 changed=2 unreachable=0 failed=0 skipped=0 rescued=0 ignored=0');
    expect(recap(outcome, 'down')).to.equal('ok=0 changed=0 unreachable=1 failed=0 skipped=0 rescued=0 ignored=0');
    expect(recap(outcome, 'hangs')).to.equal('ok=0 changed=0 unreachable=1 failed=0 skipped=0 rescued=0 ignored=0');
    expect(seconds).to.be.within(2, 5);
  });

  it('calls a host unreachable whose connection is cut in mid-task', async () => {
    const { outcome } = await start(
      '- shell: echo begun >/tmp/begun; sleep 30; echo ended >/tmp/ended\n- command: hostname',
    );
    await until('web1', 'cat /tmp/begun');
    await on('web1', "pkill -KILL -f '^sshd: ubuntu$|^sshd: ubuntu@notty$' -o || true");
    await on('web2', 'pkill -x sleep');
    const ended = await outcome;
    expect(ended.code, ended.stdout).to.equal(4);
    expect(recap(ended, 'web1')).to.equal('ok=0 changed=0 unreachable=1 failed=0 skipped=0 rescued=0 ignored=0');
    expect(recap(ended, 'web2')).to.equal('ok=2 changed=2 unreachable=0 failed=0 skipped=0 rescued=0 ignored=0');
    await on('web1', 'pkill -x sleep; rm -f /tmp/begun /tmp/ended');
  });

  it('leaves no half-written file when the connection is cut while a file is copied', async () => {
    await writeFile(join(folder, 'large'), '');
    await truncate(join(folder, 'large'), 300e6);
    const { outcome } = await start('- copy: { src: large, dest: /home/ubuntu/large, mode: "0644" }', ['-l', 'web1']);
    await until('web1', 'find /tmp /var/tmp /dev/shm /home -xdev -size +1M 2>/dev/null');
    await on('web1', "pkill -KILL -o -f '^sshd: ubuntu@notty$'");
    const ended = await outcome;
    expect(ended.code, ended.stdout).to.equal(4);
    await sleep(1000);
    expect(await on('web1', 'find /tmp /var/tmp /dev/shm /home -xdev -size +1M 2>/dev/null')).to.equal('');
    expect(await leftovers('web1')).to.equal('');
  });

  it('connects again after a connection was lost and that was allowed for', async () => {
    const outcome = await play(`
- shell: pkill -KILL -u ubuntu sshd; sleep 1
  ignore_unreachable: true
- command: echo again
- meta: reset_connection
- command: echo and again
`);
    expect(outcome.code, outcome.stdout + outcome.stderr).to.equal(0);
    expect(recap(outcome, 'web1')).to.equal('ok=2 changed=2 unreachable=0 failed=0 skipped=1 rescued=0 ignored=0');
    await sleep(1500); // The shell whose connection was lost ends when its command has.
    expect(await leftovers('web1')).to.equal('');
  });

  it('ends what runs when it is interrupted, and says how far it came', async () => {
    const { child, outcome } = await start(`
- command: echo first
- shell: trap '' HUP; echo begun >/dev/shm/begun; sleep 61; echo ended
  become: true
- command: echo never
`);
    await until('web1', 'cat /dev/shm/begun');
    await until('web2', 'cat /dev/shm/begun');
    const started = performance.now();
    child.kill('SIGINT');
    const ended = await outcome;
    const seconds = (performance.now() - started) / 1000;
    expect(ended.code, ended.stdout + ended.stderr).to.equal(99);
    expect(seconds).to.be.below(2);
    expect(recap(ended, 'web1')).to.equal('ok=1 changed=1 unreachable=0 failed=0 skipped=0 rescued=0 ignored=0');
    expect(ended.stdout).not.to.contain('never');
    for (const name of ['web1', 'web2']) {
      expect(await on(name, "pgrep -fa '^sleep 61' || true")).to.equal('');
      await on(name, 'rm /dev/shm/begun');
      expect(await leftovers(name)).to.equal('');
    }
  });

  it('leaves jobs alone that were started to run on', async () => {
    const begun = await play(`
- shell: sleep 2; echo done >/tmp/job-done
  async: 60
  poll: 0
  become: true
  register: job
- copy: { content: "{{ job.ansible_job_id }}", dest: /tmp/job-id }
`);
    expect(begun.code, begun.stdout + begun.stderr).to.equal(0);
    await until('web1', 'cat /tmp/job-done 2>/dev/null');
    const asked = await play(`
- command: cat /tmp/job-id
  register: id
- async_status: { jid: "{{ id.stdout }}" }
  become: true
  register: status
  until: status is finished
  retries: 20
  delay: 1
- assert: { that: [status.finished == 1, status is not failed, status.rc | default(0) == 0] }
`);
    expect(asked.code, asked.stdout + asked.stderr).to.equal(0);
  });

  it('runs fifty commands in no time', async () => {
    const tasks = Array.from({ length: 50 }, (_, index) => `- command: echo ${index}`).join('\n');
    await play(tasks);
    const started = performance.now();
    const outcome = await play(tasks);
    expect(outcome.code).to.equal(0);
    expect(recap(outcome, 'web1')).to.contain('ok=50 changed=50');
    expect((performance.now() - started) / 1000).to.be.below(4);
  });
});
