import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { type Outcome, runBin } from '../cli/run-bin.ts';
import { ownSandbox } from '../support/own-sandbox.ts';

const exec = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');
const APP = join(ROOT, 'playbooks/app_update.yml');
const MINIMAL = join(ROOT, 'playbooks/app_update_minimal.yml');
const SERVICE = join(import.meta.dirname, 'playbooks/service.yml');

/** Everything a play may leave on a host: files with owner, mode and content, users, packages, what runs and what will. */
const SNAPSHOT = `cd /
find etc srv opt home root var/lib/orders usr/local -xdev \\
  \\( -path '*/__pycache__' -o -name '*.pyc' -o -path 'etc/ssh/*' -o -path '*/.ansible*' -o -path 'root/.cache' -o -path 'home/*/.cache' \\) -prune -o \\
  \\( -type f -o -type d -o -type l \\) -printf '%p %y %U:%G %m %l\\n' 2>/dev/null | sort
find etc srv opt/app/app.py home -xdev \\( -path '*/.ansible*' -o -path '*/.cache' -o -name '*.pyc' -o -path 'etc/ssh/*' \\
  -o -path '*/.local' \\) -prune -o -type f -print0 2>/dev/null | sort -z | xargs -0 sha256sum |
  grep -vE ' etc/(hostname|hosts|machine-id|ld.so.cache|shadow-?)$'
sed "s/$(hostname)/HOST/g" etc/hosts
getent passwd; getent group
dpkg-query -W -f '\${Package} \${Version} \${Status}\\n'
systemctl list-unit-files --no-legend --state=enabled,disabled | sort
systemctl is-active cron ssh app`;

describe('the main job', function () {
  this.timeout(600_000);
  let sandbox: Sandbox;

  before(async () => {
    ({ sandbox } = await ownSandbox(2));
  });

  after(() => sandbox.down({ purge: true }));

  async function on(name: string, command: string): Promise<string> {
    const [program = '', ...args] = await sandbox.sshCommand(name, [
      `sudo sh -c '${command.replaceAll("'", `'\\''`)}'`,
    ]);
    return (await exec(program, args, { maxBuffer: 1e8 })).stdout.trim();
  }

  const play = (...args: string[]) => runBin('play', ['--output', 'text', '-i', sandbox.inventoryFile, ...args]);
  const ansible = async (...args: string[]): Promise<Outcome> => {
    const options = { maxBuffer: 1e8, env: { ...process.env, ANSIBLE_NOCOLOR: '1' } };
    const run = exec('ansible-playbook', ['-i', sandbox.inventoryFile, ...args], options);
    return run.then(
      (result) => ({ code: 0, ...result }),
      (error: Outcome) => error, // It carries code, stdout and stderr too.
    );
  };
  const page = (name: string, port = 8080) => on(name, `curl -fsS http://127.0.0.1:${port}/`);

  /** `ok=… changed=…` of one host. */
  function recap({ stdout, stderr }: Outcome, name: string): string {
    const line = stdout.split('\n').find((one) => one.startsWith(`${name} `) && one.includes('ok='));
    if (line === undefined) throw new Error(`no recap of ${name} in:\n${stdout}\n${stderr}`);
    return line
      .replace(/^\S+\s*:\s*/, '')
      .replace(/\s+/g, ' ')
      .trim();
  }
  const changed = (outcome: Outcome, name: string) => /changed=\d+/.exec(recap(outcome, name))?.[0];

  /** Both on pristine hosts, one by playbake and one by Ansible; then the hosts are the same, and so are the recaps. */
  async function compare(playbook: string, ...more: string[]): Promise<void> {
    await sandbox.reset();
    const ours = await play('-l', 'web1', playbook, ...more);
    const theirs = await ansible('-l', 'web2', playbook, ...more);
    expect(recap(ours, 'web1'), ours.stdout + ours.stderr + theirs.stdout).to.equal(recap(theirs, 'web2'));
    const [mine, other] = await Promise.all([on('web1', SNAPSHOT), on('web2', SNAPSHOT)]);
    expect(mine.replaceAll('web1', 'HOST').split('\n')).to.deep.equal(other.replaceAll('web2', 'HOST').split('\n'));
    const again = await play('-l', 'web1', playbook, ...more);
    expect(changed(again, 'web1'), again.stdout).to.equal('changed=0');
  }

  it('installs the application on both hosts, as --check says, and changes nothing the second time', async () => {
    await sandbox.reset();
    const checked = await play('--check', APP);
    expect(checked.code, checked.stdout + checked.stderr).to.equal(0);
    const played = await play(APP);
    expect(played.code, played.stdout + played.stderr).to.equal(0);
    for (const name of ['web1', 'web2']) {
      expect(changed(checked, name)).to.equal(changed(played, name));
      expect(await page(name)).to.equal('Hello, World! Version 1');
    }
    const again = await play(APP);
    expect([changed(again, 'web1'), changed(again, 'web2')]).to.deep.equal(['changed=0', 'changed=0']);
  });

  it('brings version 2 by an extra variable', async () => {
    const played = await play(APP, '-e', 'app_version=2');
    expect(played.code, played.stdout + played.stderr).to.equal(0);
    expect(await page('web1')).to.equal('Hello, World! Version 2');
  });

  it('plays the shortest form of it', async () => {
    await sandbox.reset();
    const played = await play(MINIMAL);
    expect(played.code, played.stdout + played.stderr).to.equal(0);
    expect(
      await on(
        'web2',
        'for i in 1 2 3 4 5 6 7 8 9; do curl -fsS http://127.0.0.1:5000/ && break; sleep 0.3; done 2>/dev/null',
      ),
    ).to.equal('Hello, World! Version 1');
  });

  // Ansible's pip module needs setuptools on the host.
  it('leaves the same hosts as Ansible: the application', () =>
    compare(APP, '-e', '{"packages": ["python3", "python3-venv", "python3-setuptools"]}'));

  it('leaves the same hosts as Ansible: a service of 25 tasks', () => compare(SERVICE));

  it('finds a broken playbook before it connects', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'playbake-'));
    await writeFile(join(directory, 'p.yml'), '- hosts: ec2_instances\n  tasks:\n    - copi: { src: a, dest: b }\n');
    const outcome = await play(join(directory, 'p.yml'));
    await rm(directory, { recursive: true });
    expect(outcome.code).to.equal(4);
    expect(outcome.stderr).to.contain('p.yml:3:7');
  });
});
