import { expect } from 'chai';
import type { Plain } from '../../src/module/module.ts';
import { Machine, type TaskOptions } from './machine.ts';

const UNIT = `[Unit]
Description={ odd
[Service]
ExecStart=/bin/sleep infinity
ExecReload=/bin/true
[Install]
WantedBy=multi-user.target
`;

const SCRIPT = `#!/bin/sh
### BEGIN INIT INFO
# Provides: odd
# Required-Start:
# Required-Stop:
# Default-Start: 2 3 4 5
# Default-Stop: 0 1 6
### END INIT INFO
case $1 in
  start) touch /run/odd;;
  stop) rm -f /run/odd;;
  status) if [ -e /run/odd ]; then echo "odd is running"; else echo "odd is stopped"; exit 3; fi;;
esac
`;

describe('services on a real Debian machine', () => {
  let machine: Machine;
  type Args = { readonly [name: string]: Plain };
  const systemd = (args: Args, options?: TaskOptions) => machine.task('systemd', { name: 'nap', ...args }, options);
  const service = (args: Args, options?: TaskOptions) => machine.task('service', args, options);
  const active = () => machine.sh('systemctl is-active nap || true');
  const enabled = () => machine.sh('systemctl is-enabled nap || true');

  before(async () => {
    machine = await Machine.start();
    await machine.sh(`printf '%s' '${UNIT}' >/etc/systemd/system/nap.service; systemctl daemon-reload`);
  });
  after(() => machine.stop());

  it('start, stop and enable, each once', async () => {
    expect(await systemd({ state: 'started', enabled: true }, { check: true })).to.include({ changed: true });
    expect(await active()).to.equal('inactive');
    const started = await systemd({ state: 'started', enabled: true });
    expect(started).to.include({ changed: true, name: 'nap', state: 'started', enabled: true });
    expect(started['status']).to.include({ LoadState: 'loaded', Description: '{ odd' });
    expect([await active(), await enabled()]).to.deep.equal(['active', 'enabled']);
    expect(await service({ name: 'nap', state: 'started', enabled: true })).to.include({ changed: false });
    expect(await service({ name: 'nap', state: 'stopped', enabled: false })).to.include({
      changed: true,
      state: 'stopped',
    });
    expect([await active(), await enabled()]).to.deep.equal(['inactive', 'disabled']);
    expect(await systemd({ state: 'stopped', enabled: false })).to.include({ changed: false, enabled: false });
  });

  it('restart and reload always, and start what does not run', async () => {
    expect(await systemd({ state: 'reloaded' })).to.include({ changed: true, state: 'started' });
    const pid = await machine.sh('systemctl show -p MainPID nap');
    expect(await systemd({ state: 'reloaded' })).to.include({ changed: true });
    expect(await machine.sh('systemctl show -p MainPID nap')).to.equal(pid);
    expect(await systemd({ state: 'restarted' })).to.include({ changed: true, state: 'started' });
    expect(await machine.sh('systemctl show -p MainPID nap')).to.not.equal(pid);
  });

  it('are masked, and see new unit files after a reload', async () => {
    await systemd({ state: 'stopped' });
    await machine.sh('mv /etc/systemd/system/nap.service /usr/lib/systemd/system/');
    expect(await machine.task('systemd', { daemon_reload: true })).to.include({ changed: false });
    expect(await systemd({ masked: true })).to.include({ changed: true });
    expect(await systemd({ masked: true })).to.include({ changed: false });
    expect(await systemd({ state: 'started' })).to.include({ failed: true });
    expect(await systemd({ masked: false, state: 'started' })).to.include({ changed: true });
    expect(await active()).to.equal('active');
  });

  it('say what is wrong', async () => {
    const missing = { failed: true, msg: 'Could not find the requested service nosuch: host' };
    expect(await systemd({ name: 'nosuch', state: 'started' })).to.include(missing);
    expect(await systemd({ name: 'nosuch', enabled: true })).to.include(missing);
    expect(await systemd({ name: 'nosuch', state: 'started' }, { check: true })).to.include({ changed: true });
    expect(machine.warnings.at(-1)).to.match(/^nosuch: the host has no such service yet/);
    await machine.sh(`printf '[Service]\\nType=oneshot\\nExecStart=/bin/false\\n' >/etc/systemd/system/bad.service`);
    const failed = await service({ name: 'bad', state: 'restarted', daemon_reload: true });
    expect(failed['msg']).to.match(/^Unable to (re)?start service bad: Job for bad.service failed/);
  });

  it('of a user are the user’s', async () => {
    await machine.sh(
      'loginctl enable-linger root; for i in $(seq 100); do [ -e /run/user/0/systemd/private ] && break; sleep 0.1; done',
    );
    await machine.sh(`mkdir -p ~/.config/systemd/user; printf '%s' '${UNIT}' >~/.config/systemd/user/own.service`);
    const own = { name: 'own', scope: 'user', state: 'started', daemon_reload: true };
    expect(await systemd(own)).to.include({ changed: true, state: 'started' });
    expect(await systemd(own)).to.include({ changed: false });
    expect(await machine.sh('systemctl is-active own || true')).to.equal('inactive');
  });

  it('in a bake start at boot instead of now', async () => {
    await systemd({ state: 'stopped', enabled: false });
    expect(await service({ name: 'nap', state: 'started' }, { mode: 'bake' })).to.include({ changed: true });
    expect([await active(), await enabled()]).to.deep.equal(['inactive', 'enabled']);
    expect(await service({ name: 'nap', state: 'started' }, { mode: 'bake' })).to.include({ changed: false });
    expect(await systemd({ state: 'restarted' }, { mode: 'bake' })).to.include({ changed: false, enabled: true });
    expect(await active()).to.equal('inactive');
    await machine.sh(`printf '[Service]\\nExecStart=/bin/true\\n' >/etc/systemd/system/still.service`);
    const still = await service({ name: 'still', state: 'started', daemon_reload: true }, { mode: 'bake' });
    expect(still).to.include({ changed: false }).and.not.have.property('msg');
    expect(machine.warnings.at(-1)).to.match(/^still has no \[Install\] section/);
  });

  it('that are init scripts work without systemd’s help', async () => {
    await machine.sh(`printf '%s' '${SCRIPT}' >/etc/init.d/odd; chmod 755 /etc/init.d/odd; systemctl daemon-reload`);
    const odd = (args: Args, check = false) => service({ name: 'odd', use: 'sysvinit', ...args }, { check });
    expect(await odd({ state: 'started', enabled: true }, true)).to.include({ changed: true });
    expect(await odd({ state: 'started', enabled: true })).to.include({ changed: true, state: 'started' });
    expect(await machine.sh('ls /etc/rc2.d | grep -c "S..odd"')).to.equal('1');
    expect(await odd({ state: 'started', enabled: true })).to.include({ changed: false });
    expect(await odd({ state: 'restarted', sleep: 1 })).to.include({ changed: true });
    expect(await odd({ state: 'stopped', enabled: false })).to.include({ changed: true, enabled: false });
    expect(await odd({ state: 'stopped', enabled: false })).to.include({ changed: false });
    const baked = await service({ name: 'odd', use: 'sysvinit', state: 'restarted' }, { mode: 'bake' });
    expect(baked).to.include({ changed: true, enabled: true, state: 'started' });
    expect(baked['msg']).to.equal('odd starts at boot; it is not started while the image is made');
    expect(await machine.sh('ls /run/odd 2>&1 || true')).to.match(/No such file/);
    expect(await odd({ name: 'nosuch', state: 'started' })).to.include({ failed: true });
    expect((await odd({ state: 'started', masked: true }))['msg']).to.match(/^Unsupported parameters for \(service\)/);
  });
});
