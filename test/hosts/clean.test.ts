/** A real Debian machine is cleaned and searched, told in a manifest, and lets people in again after its next boot. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { lookAtMachine } from '../../src/bake/manifest/look.ts';
import { type Apply, sanitise } from '../../src/bake/sanitise.ts';
import { scan } from '../../src/bake/scan.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { sh } from '../../src/shell/sh.ts';
import { run } from '../../src/shell/steps.ts';
import { ownSandbox } from '../support/own-sandbox.ts';
import { openShellHost, type ShellHost } from '../support/shell-host.ts';

const exec = promisify(execFile);

describe('a machine that becomes an image', function () {
  this.timeout(300_000);
  let sandbox: Sandbox;
  let host: ShellHost;
  let apply: Apply;
  let key = '';
  before(async () => {
    ({ sandbox } = await ownSandbox(1));
    host = await openShellHost(await sandbox.sshCommand('web1', ['sudo', '-H', 'sh']));
    apply = (steps) => host.apply(steps);
    key = await shell('cat /home/ubuntu/.ssh/authorized_keys');
  });
  after(async () => {
    await host.close();
    await sandbox.down({ purge: true });
  });

  async function shell(command: string): Promise<string> {
    const [program = '', ...args] = await sandbox.sshCommand('web1', ['sudo', '-H', 'sh', '-c', `'${command}'`]);
    return (await exec(program, args)).stdout.trim();
  }

  it('is found wanting before it is cleaned', async () => {
    await shell(
      'echo 0123-s3cret >/srv/token; echo ls >/root/.bash_history; dd if=/dev/zero of=/var/log/big.log bs=1k count=9 status=none',
    );
    const { findings } = await scan(apply, { publicKey: key, secrets: new Set(['0123-s3cret']) });
    const kinds = new Set(findings.map(({ kind }) => kind));
    expect([...kinds].sort()).to.deep.equal(['bake-key', 'history', 'host-key', 'machine-id', 'secret']);
  });

  it('has packages and a system', async () => {
    const { os, packages } = await lookAtMachine(apply, new Map([['/srv/token', 3]]), new Map([['sudo', 1]]));
    expect(os.id).to.equal('debian');
    expect(packages.manager).to.equal('dpkg');
    expect(packages.list.find(({ name }) => name === 'sudo')).to.include({ task: 1 });
    expect(packages.list.length).to.be.above(100);
  });

  it('holds nothing any more when it is clean, and the channel that cleans it goes on', async () => {
    const done = await sanitise(apply, { publicKey: key, paths: ['/srv/token'] });
    expect(done.find(({ name }) => name === 'host-keys')?.paths).to.include(
      '/etc/systemd/system/playbake-host-keys.service',
    );
    const { findings } = await scan(apply, { publicKey: key, secrets: new Set(['0123-s3cret']) });
    expect(findings).to.deep.equal([]);
  });

  it('makes new host keys at its next boot, because nothing else would', async () => {
    const boot = sh`systemctl daemon-reload && systemctl is-enabled playbake-host-keys.service &&
      systemctl start playbake-host-keys.service && sshd -t && ls /etc/ssh/ssh_host_ed25519_key`;
    const { failed, values } = await apply([run(boot)]);
    expect(failed, JSON.stringify(values)).to.equal(false);
    expect(values['stdout_lines']).to.deep.equal(['enabled', '/etc/ssh/ssh_host_ed25519_key']);
  });
});
