/** Modules that know that an image is being made, and those that are about a host's boot and name, on a real machine. */

import { execFile, spawnSync } from 'node:child_process';
import { appendFile, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { awaitFirstBoot } from '../../src/bake/await-first-boot.ts';
import { Session } from '../../src/connection/session.ts';
import { apply } from '../../src/module/apply.ts';
import type { Steps } from '../../src/module/module.ts';
import type { PlayEvent, ResultData } from '../../src/play/events.ts';
import { play, type RunOptions } from '../../src/playbake.ts';
import { homeAt } from '../../src/sandbox/home.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { dict } from '../../src/value/value.ts';
import { ownSandbox } from '../support/own-sandbox.ts';

const exec = promisify(execFile);
const hasAnsible = spawnSync('ansible-playbook', ['--version']).status === 0;

const UNIT = '[Service]\\nExecStart=/bin/sleep infinity\\n[Install]\\nWantedBy=multi-user.target\\n';

describe('hosts and images of them', function () {
  this.timeout(300_000);
  let sandbox: Sandbox;
  let home: string;
  let folder: string;

  before(async () => {
    ({ home, sandbox } = await ownSandbox(1));
    folder = await mkdtemp(join(tmpdir(), 'playbake-images-'));
    await sh(`printf '${UNIT}' >/etc/systemd/system/nap.service; systemctl daemon-reload`);
  });

  after(async () => {
    await sandbox.down({ purge: true });
    await rm(folder, { recursive: true });
  });

  async function sh(command: string): Promise<string> {
    const quoted = `'${command.replaceAll("'", `'\\''`)}'`;
    const [program = '', ...args] = await sandbox.sshCommand('web1', [`sudo sh -c ${quoted}`]);
    return (await exec(program, args)).stdout.trim();
  }

  async function write(tasks: string): Promise<string> {
    const file = join(folder, 'play.yml');
    const indented = tasks.trim().replaceAll(/^/gm, '    ');
    await writeFile(file, `- hosts: all\n  become: true\n  gather_facts: false\n  tasks:\n${indented}\n`);
    return file;
  }

  /** The results of tasks, in their order. */
  async function results(tasks: string, options: Partial<RunOptions> = {}): Promise<readonly ResultData[]> {
    const events: PlayEvent[] = [];
    const playbooks = [await write(tasks)];
    await play({ playbooks, inventory: [sandbox.inventoryFile], ...options, emit: (event) => events.push(event) });
    return events.flatMap((event) => (event.type === 'result' ? [event.result] : []));
  }

  async function machineVars() {
    const [machine] = await sandbox.status();
    const { key, knownHosts } = homeAt(home);
    return dict({
      ansible_host: machine?.address ?? '',
      ansible_user: 'ubuntu',
      ansible_ssh_private_key_file: key,
      ansible_ssh_common_args: `-o UserKnownHostsFile=${knownHosts}`,
    });
  }

  async function machineTarget() {
    const vars = await machineVars();
    const text = (name: string) => String(vars.get(name));
    const sshArgs = text('ansible_ssh_common_args');
    const [address, user, privateKey] = ['host', 'user', 'ssh_private_key_file'].map((name) => text(`ansible_${name}`));
    return { name: 'web1', kind: 'ssh', address: address ?? '', user, privateKey, sshArgs, hostKeyChecking: true };
  }

  /** The same on the same machine, which becomes an image. */
  async function bake(tasks: string): Promise<readonly ResultData[]> {
    return results(tasks, { mode: 'bake', build: { name: 'app', vars: await machineVars() }, inventory: [] });
  }

  async function byAnsible(tasks: string): Promise<readonly ResultData[]> {
    const env = { ...process.env, ANSIBLE_STDOUT_CALLBACK: 'json', ANSIBLE_HOST_KEY_CHECKING: 'no' };
    const args = ['-i', sandbox.inventoryFile, await write(tasks)];
    const { stdout } = await exec('ansible-playbook', args, { env });
    const { plays } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as {
      plays: { tasks: { hosts: Record<string, ResultData> }[] }[];
    };
    return plays.flatMap((one) => one.tasks.flatMap(({ hosts }) => Object.values(hosts)));
  }

  const active = () => sh('systemctl is-active nap || true');
  const enabled = () => sh('systemctl is-enabled nap || true');
  const bootId = () => sh('cat /proc/sys/kernel/random/boot_id');

  it('services that are to run start at boot, not while the image is made', async () => {
    const later = { changed: true, state: 'started', enabled: true };
    for (const state of ['started', 'restarted', 'reloaded']) {
      await sh('systemctl disable nap 2>/dev/null');
      const [first, second] = await bake(`
- service: { name: nap, state: ${state} }
- systemd: { name: nap, state: ${state} }`);
      expect(first, state).to.include(later);
      expect(first?.['msg']).to.equal('nap starts at boot; it is not started while the image is made');
      expect(second, state).to.include({ ...later, changed: false });
      expect([await active(), await enabled()]).to.deep.equal(['inactive', 'enabled']);
    }
    const [kept] = await bake('- service: { name: nap, state: started, enabled: false }');
    expect(kept).to.include({ changed: true, enabled: false });
    expect(kept?.['msg']).to.match(/^nap does not start at boot/);
    expect([await active(), await enabled()]).to.deep.equal(['inactive', 'disabled']);
  });

  it('a play that logs in as root does so by sudo on the build machine', async () => {
    const file = await write('- command: id -un\n- command: id -un\n  become: true\n  become_user: ops');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('become: true', 'remote_user: root'));
    const said: unknown[] = [];
    const emit = (event: PlayEvent) => event.type === 'result' && said.push(event.result['stdout']);
    const build = { name: 'app', vars: await machineVars() };
    expect(await play({ playbooks: [file], mode: 'bake', build, emit })).to.equal(0);
    expect(said).to.deep.equal(['root', 'ops']);
  });

  it('services are started for tasks that need them, and stopped, when playbake_now is set', async () => {
    const [started, waited, stopped] = await bake(`
- block:
    - service: { name: nap, state: started }
    - wait_for: { port: 22, timeout: 5 }
    - service: { name: nap, state: stopped }
  vars: { playbake_now: true }
- wait_for: { port: 22, timeout: 5 }`);
    expect(started).to.include({ changed: true }).and.not.have.property('msg');
    expect(waited).to.include({ changed: false, port: 22 }).and.not.have.property('skipped');
    expect(stopped).to.include({ changed: true, state: 'stopped' });
    await sh('systemctl start nap');
    expect((await bake('- service: { name: nap, state: stopped }'))[0]).to.include({ changed: true });
    expect([await active(), await enabled()]).to.deep.equal(['inactive', 'disabled']);
  });

  it('a handler that restarts is satisfied by the boot', async () => {
    const file = await write('- command: echo\n  notify: restart');
    await appendFile(file, '  handlers: [{ name: restart, service: { name: nap, state: restarted } }]\n');
    const events: PlayEvent[] = [];
    const build = { name: 'app', vars: await machineVars() };
    await play({ playbooks: [file], mode: 'bake', build, emit: (event) => events.push(event) });
    const last = events.filter((event) => event.type === 'result').at(-1);
    expect(last?.result).to.include({ changed: true, enabled: true });
    expect(await active()).to.equal('inactive');
  });

  it('a service of the image itself is not asked, with retries or without; another host is', async () => {
    const [gathered, ...asked] = await bake(`
- setup: { gather_subset: network }
- uri: { url: "http://localhost/health" }
  register: health
  until: health.status == 200
- uri: { url: "http://{{ ansible_default_ipv4.address }}:8080/" }
- uri: { url: "http://app/" }
- wait_for: { port: 80 }
- wait_for: { host: app, port: 80 }
  delegate_to: localhost
- uri: { url: "http://127.0.0.1:1/" }
  delegate_to: localhost
  ignore_errors: true`);
    expect(gathered).to.not.include({ failed: true });
    for (const one of asked.slice(0, 5)) expect(one).to.include({ skipped: true, changed: false });
    expect(asked[5]).to.include({ failed: true, status: -1 });
  });

  it('reboot and come back as with Ansible', async () => {
    const task = '- reboot: { reboot_timeout: 60, msg: "for \'a\' test" }\n- command: echo there';
    const before = await bootId();
    const [checked] = await results(task, { check: true });
    expect(checked).to.include({ changed: true, rebooted: true, elapsed: 0 });
    expect(await bootId()).to.equal(before);
    const [rebooted, next] = await results(task);
    expect(rebooted).to.include({ changed: true, rebooted: true });
    expect(next).to.include({ stdout: 'there' });
    const after = await bootId();
    expect(after).to.not.equal(before);
    if (!hasAnsible) return;
    const [theirs] = await byAnsible(task);
    const known = ['changed', 'rebooted', 'elapsed'];
    expect(Object.keys(theirs ?? {}).filter((key) => !key.startsWith('_'))).to.include.members(known);
    expect(rebooted).to.include.keys(known);
    expect(rebooted?.['elapsed']).to.be.a('number');
  });

  it('are waited for while they boot', async () => {
    const away =
      '- shell: "(sleep 1; systemctl reboot) >/dev/null 2>&1 &"\n- wait_for_connection: { delay: 3, timeout: 60 }\n';
    const before = await bootId();
    const [, waited] = await results(`${away}- command: echo there`);
    expect(waited).to.include({ changed: false }).and.have.property('elapsed').that.is.at.least(3);
    expect(await bootId()).to.not.equal(before);
    if (!hasAnsible) return;
    const [theirs] = await byAnsible('- wait_for_connection: { timeout: 60 }');
    expect(theirs).to.include({ changed: false }).and.have.property('elapsed');
  });

  it('do not reboot for an image, but when it must be now', async () => {
    const before = await bootId();
    expect((await bake('- reboot:'))[0]).to.include({ changed: false, rebooted: false });
    expect(await bootId()).to.equal(before);
    const [now] = await bake('- reboot: { connect_timeout: 3 }\n  vars: { playbake_now: true }');
    expect(now).to.include({ changed: true, rebooted: true });
    expect(await bootId()).to.not.equal(before);
  });

  it('say why they do not reboot', async () => {
    const tasks = `
- reboot: { search_paths: [/nowhere, /opt] }
  ignore_errors: true
- reboot: { reboot_command: sh -c 'echo no; exit 3', search_paths: [/bin] }
  ignore_errors: true
- reboot: { boot_time_command: "echo one; exit 4" }
  ignore_errors: true
- reboot: { reboot_command: /bin/true, reboot_timeout: 2 }
  ignore_errors: true`;
    const ours = await results(tasks);
    expect(ours.map(({ msg }) => msg)).to.deep.equal([
      `Unable to find command "shutdown" in search paths: ['/nowhere', '/opt']`,
      "Reboot command failed. Error was: 'no, '",
      'reboot: failed to get host boot time info, rc: 4, stdout: one, stderr: ',
      'Timed out waiting for last boot time check (timeout=2)',
    ]);
    if (!hasAnsible) return;
    // Its terminal has words of its own.
    const theirs = (await byAnsible(tasks)).map(({ msg }) =>
      String(msg).replace(/Shared connection to \S+ closed\.|[\r\n]/g, ''),
    );
    expect(theirs.slice(1)).to.deep.equal(ours.map(({ msg }) => msg).slice(1));
    expect(theirs[0]).to.contain('Unable to find command "shutdown"');
  });

  it('do the tasks of the first boot once, in their order, each as its user', async () => {
    await sh('systemctl disable nap 2>/dev/null; rm -rf /srv/boot; mkdir -m 777 /srv/boot');
    await writeFile(join(folder, 'large'), 'x'.repeat(200_000));
    const tasks = `
- name: now
  command: touch /srv/boot/now
- tags: first_boot
  block:
    - { name: who, shell: "id -un >/srv/boot/who; pwd >>/srv/boot/who" }
    - { name: as ops, shell: "id -un >/srv/boot/ops; echo $HOME >>/srv/boot/ops", become: true, become_user: ops }
    - { name: large, copy: { src: ${folder}/large, dest: /srv/boot/large, owner: ops } }
    - { name: unit, service: { name: nap, state: started }, notify: say }
    - { name: name, shell: "hostname >/srv/boot/name" }
- { name: fails, command: test -e /srv/boot/needed, tags: first_boot }
- { name: last, command: touch /srv/boot/last, tags: first_boot }`;
    const file = join(folder, 'boot.yml');
    await copyFile(await write(tasks), file);
    await appendFile(file, '  handlers: [{ name: say, command: touch /srv/boot/said }]\n');
    const build = { name: 'app', vars: await machineVars() };
    const told: PlayEvent[] = [];
    const options = { playbooks: [file], mode: 'bake', build } as const;
    expect(await play({ ...options, emit: (event) => told.push(event) })).to.equal(0);
    const installed = told.findLast((event) => event.type === 'result');
    expect(installed).to.include({ status: 'changed', host: 'app' });
    expect(installed?.task.name).to.equal('Tasks of the first boot');
    expect(await sh('ls /srv/boot')).to.equal('now');
    const again: PlayEvent[] = [];
    expect(await play({ ...options, emit: (event) => again.push(event) })).to.equal(0);
    expect(again.findLast((event) => event.type === 'result')).to.include({ status: 'ok' });

    await results('- reboot:');
    const boots = async () => {
      const session = new Session(await machineTarget());
      const become = { method: 'sudo', user: 'root' };
      const steps = (given: Steps) => apply(session, given, { check: false, diff: false, become });
      return awaitFirstBoot(steps).finally(() => session.close());
    };
    const failed = await boots();
    expect(failed.ended).to.equal('failed');
    expect(failed.log).to.include('failed: fails');
    const log = () => sh('journalctl -t playbake-first-boot -o cat');
    expect((await log()).split('\n').slice(0, 8)).to.deep.equal([
      ...['changed: who', 'changed: as ops', 'changed: large', 'changed: unit', 'changed: name'],
      ...['    it ended with exit code 1', 'failed: fails'],
      'the first boot stops here; systemctl restart playbake-first-boot goes on with this task',
    ]);
    expect(await sh('systemctl is-failed playbake-first-boot')).to.equal('failed');
    expect(await sh('cat /srv/boot/who /srv/boot/ops; stat -c "%U %s" /srv/boot/large; cat /srv/boot/name')).to.equal(
      'root\n/root\nops\n/home/ops\nops 200000\nweb1',
    );
    expect(await sh('systemctl is-active nap; ls /srv/boot/last /srv/boot/said 2>/dev/null || true')).to.equal(
      'active',
    );
    const checked: PlayEvent[] = [];
    await play({ ...options, check: true, emit: (event) => checked.push(event) });
    expect(checked.findLast((event) => event.type === 'result')?.task.name).to.equal('now');
    await sh('touch /srv/boot/needed; systemctl reset-failed playbake-first-boot');
    expect((await boots()).ended).to.equal('done');
    expect(await log()).to.match(/\ndone before: name\nchanged: fails\nchanged: last\nchanged: say\nfirst boot: /);
    expect(await sh('ls /srv/boot/last /srv/boot/said')).to.equal('/srv/boot/last\n/srv/boot/said');
    await sh('rm /srv/boot/last');
    await results('- reboot:');
    await sh('systemctl start playbake-first-boot');
    expect(
      await sh('systemctl show -p ConditionResult --value playbake-first-boot; ls /srv/boot/last || true'),
    ).to.equal('no');
  });

  it('have the name that they are given, as with Ansible, and an image has none', async () => {
    const task = (name: string) => `- hostname: { name: ${name} }\n- hostname: { name: ${name} }`;
    const ours = await results(task('one.example.org'));
    expect(ours.map(({ changed }) => changed)).to.deep.equal([true, false]);
    expect(await sh('hostname; cat /etc/hostname; hostnamectl --static')).to.equal(
      'one.example.org\none.example.org\none.example.org',
    );
    expect(ours[0]?.['ansible_facts']).to.include({ ansible_hostname: 'one', ansible_nodename: 'one.example.org' });
    if (hasAnsible) {
      const theirs = await byAnsible(task('one.example.org'));
      expect(theirs.map(({ changed }) => changed)).to.deep.equal([false, false]);
      expect(theirs[0]?.['ansible_facts']).to.deep.equal(ours[1]?.['ansible_facts']);
      await byAnsible(task('two'));
      expect((await results(task('two'))).map(({ changed }) => changed)).to.deep.equal([false, false]);
    }
    const [wrong] = await results(`- hostname: { name: ${'x'.repeat(65)} }\n  ignore_errors: true`);
    expect(wrong?.['msg']).to.equal('name cannot be longer than 64 characters on systemd servers, try a shorter name');
    const before = await sh('cat /etc/hostname');
    expect((await bake('- hostname: { name: web9 }'))[0]).to.include({ skipped: true });
    expect(await sh('cat /etc/hostname')).to.equal(before);
  });

  it('keep their name where each system keeps it', async () => {
    await sh('rm -f /etc/sysconfig/network /etc/conf.d/hostname; mkdir -p /etc/sysconfig /etc/conf.d');
    await sh(`echo 'NETWORKING=yes' >/etc/sysconfig/network; echo '# the name' >/etc/conf.d/hostname`);
    const tasks = ['redhat', 'openrc', 'sles'].map((use) => `- hostname: { name: tre, use: ${use} }`).join('\n');
    expect((await results(tasks)).map(({ changed }) => changed)).to.deep.equal([true, true, true]);
    expect((await results(tasks)).map(({ changed }) => changed)).to.deep.equal([false, false, false]);
    expect(await sh('cat /etc/sysconfig/network /etc/conf.d/hostname /etc/HOSTNAME')).to.equal(
      'NETWORKING=yes\nHOSTNAME=tre\n# the name\nhostname="tre"\ntre',
    );
  });
});
