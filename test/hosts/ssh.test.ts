import { execFileSync } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { Become, Target } from '../../src/connection/connection.ts';
import { openConnection } from '../../src/connection/open.ts';
import { Session } from '../../src/connection/session.ts';
import { apply } from '../../src/module/apply.ts';
import { type Sh, script, sh } from '../../src/shell/sh.ts';
import { ensure, put, run } from '../../src/shell/steps.ts';
import { closing } from '../support/closing.ts';
import { rejected } from '../support/rejected.ts';
import { type SandboxMachine, startSandboxMachine } from '../support/sandbox-machine.ts';

describe('a real Debian machine over SSH', () => {
  const noted = closing();
  let machine: SandboxMachine;
  let files: string;

  before(async () => {
    machine = await startSandboxMachine();
    files = await mkdtemp(join(tmpdir(), 'playbake-ssh-'));
  });

  after(async () => {
    await machine?.stop();
    await rm(files, { recursive: true, force: true });
  });

  const target = (more: Partial<Target> = {}): Target => ({
    name: 'web1',
    kind: 'ssh',
    address: machine.address,
    user: 'ubuntu',
    privateKey: machine.key,
    hostKeyChecking: true,
    sshArgs: `-F none -o UserKnownHostsFile=${machine.knownHosts}`,
    ...more,
  });
  const session = (more: Partial<Target> = {}) => noted(new Session(target(more), {}));
  const options = (become?: Become) => ({ check: false, diff: false, become });
  const stdout = async (open: Session, command: Sh, become?: Become) =>
    (await apply(open, [run(command)], options(become))).values['stdout'];
  const asRoot = (command: Sh) => stdout(session(), command, { method: 'sudo', user: 'root' });

  it('is logged in to by many at the same time, though sshd turns away who comes while ten log in', async () => {
    const sessions = Array.from({ length: 60 }, () => session());
    const channels = await Promise.all(sessions.map((one) => one.channel()));
    expect(new Set(channels.map(({ shell }) => shell.pid)).size).to.equal(60);
  });

  describe('becomes another user', () => {
    it('by sudo that asks for nothing', async () => {
      const open = session();
      expect(await stdout(open, sh`id -un`)).to.equal('ubuntu');
      expect(await stdout(open, sh`id -un; echo $HOME`, { method: 'sudo', user: 'root' })).to.equal('root\n/root');
    });

    it('that may do less than the one who logs in, with files of its own', async () => {
      const become = { method: 'sudo', user: 'nobody' };
      const open = session();
      const content = Buffer.alloc(300_000, 7);
      const path = '/tmp/by-nobody';
      expect(await apply(open, [put(path, content, { mode: '0600' })], options(become))).to.include({ failed: false });
      const look = sh`stat -c '%U %a %s' ${path}`;
      expect(await stdout(open, look, { method: 'sudo', user: 'root' })).to.equal('nobody 600 300000');
      expect(await apply(open, [run(sh`cat ${path}`)], options())).to.include({ failed: true });
    });

    for (const kind of ['ssh', 'openssh']) {
      it(`by sudo with a password (${kind})`, async () => {
        const open = session({ kind, user: 'ops' });
        const become = { method: 'sudo', user: 'root', password: 'sandbox' };
        expect(await stdout(open, sh`id -un; cat`, become)).to.equal('root');
        expect(await stdout(open, sh`ps -eo args`, become)).not.to.contain('sandbox');
      });
    }

    it('by sudo, but not with a wrong password or none', async () => {
      const wrong = { method: 'sudo', user: 'root', password: 'please' };
      expect((await rejected(session({ user: 'ops' }).channel(wrong), 'become-failed')).message).to.equal(
        'Incorrect sudo password',
      );
      const none = { method: 'sudo', user: 'root' };
      const fault = await rejected(session({ user: 'ops' }).channel(none), 'become-failed');
      expect(fault.message).to.equal('Missing sudo password');
      expect(fault.hint).to.contain('-K');
    });

    it('by su with a password', async () => {
      await asRoot(sh`echo root:door | chpasswd`);
      const open = session({ user: 'ops' });
      expect(await stdout(open, sh`id -un; cat`, { method: 'su', user: 'root', password: 'door' })).to.equal('root');
      const wrong = { method: 'su', user: 'root', password: 'window', flags: '-p' };
      expect((await rejected(open.channel(wrong), 'become-failed')).message).to.equal('Incorrect su password');
      const none = { method: 'su', user: 'root', flags: '-m' };
      expect((await rejected(open.channel(none), 'become-failed')).message).to.equal('Missing su password');
    });

    it('by su that asks in another language', async () => {
      await asRoot(sh`echo root:door | chpasswd; printf 'LANG=de_DE.UTF-8\n' >>/etc/environment`);
      const become = { method: 'su', user: 'root', password: 'door' };
      expect(await stdout(session({ user: 'ops' }), sh`id -un`, become)).to.equal('root');
      await asRoot(sh`sed -i '/^LANG=/d' /etc/environment`);
    });

    it('by doas', async () => {
      await asRoot(
        sh`DEBIAN_FRONTEND=noninteractive apt-get install -qq -y opendoas >/dev/null 2>&1 || { apt-get update -qq; apt-get install -qq -y opendoas; }`,
      );
      await asRoot(sh`printf 'permit nopass ubuntu\npermit ops\n' >/etc/doas.conf`);
      expect(await stdout(session(), sh`id -un`, { method: 'doas', user: 'root' })).to.equal('root');
      const fault = await rejected(session({ user: 'ops' }).channel({ method: 'doas', user: 'root' }), 'become-failed');
      expect(fault.message).to.equal('Missing doas password');
      expect(fault.hint).to.contain('nopass');
    });

    it('but says why when it cannot', async () => {
      const open = session();
      const unknown = await rejected(open.channel({ method: 'sudo', user: 'nobody-at-all' }), 'become-failed');
      expect(unknown.message).to.match(/^cannot become nobody-at-all by sudo: .*unknown user/);
      const missing = await rejected(open.channel({ method: 'sudo', user: 'root', exe: '/opt/sudo' }), 'become-failed');
      expect(missing.message).to.match(/\/opt\/sudo.*(not found|No such file)/);
      const method = await rejected(open.channel({ method: 'magic', user: 'root' }), 'value-invalid');
      expect(method.message).to.equal('there is no become method "magic"');
      await asRoot(sh`useradd --system --shell /usr/sbin/nologin shut; echo root:door | chpasswd`);
      const shut = await rejected(
        session({ user: 'ops' }).channel({ method: 'su', user: 'shut', password: 'x' }),
        'become-failed',
      );
      expect(shut.message).to.match(/Incorrect su password|not available/);
      expect(await stdout(open, sh`echo still here`)).to.equal('still here');
    });

    it('by sudo that insists on a terminal of its own for what it runs', async () => {
      await asRoot(sh`echo 'Defaults use_pty' >/etc/sudoers.d/pty`);
      const open = session({ user: 'ops' });
      const become = { method: 'sudo', user: 'root', password: 'sandbox' };
      const content = Uint8Array.from({ length: 200_000 }, (_, index) => (index * 31) % 256);
      expect(await apply(open, [put('/root/bytes', content)], options(become))).to.include({ failed: false });
      const sum = execFileSync('sha256sum', { input: content }).toString().split(' ')[0];
      expect(await stdout(open, sh`sha256sum </root/bytes | cut -d' ' -f1`, become)).to.equal(sum);
      await asRoot(sh`rm /etc/sudoers.d/pty`);
    });

    it('but not by sudo that wants us to have a terminal', async () => {
      await asRoot(sh`echo 'Defaults:ops requiretty' >/etc/sudoers.d/tty`);
      const become = { method: 'sudo', user: 'root', password: 'sandbox' };
      const fault = await rejected(session({ user: 'ops' }).channel(become), 'become-failed');
      expect(fault.message).to.contain('tty');
      await asRoot(sh`rm /etc/sudoers.d/tty`);
    });
  });

  it('ends what runs as another user when a session is cancelled', async () => {
    const become = { method: 'sudo', user: 'root' };
    const open = session();
    const running = apply(open, [run(sh`sleep 4242; : >/root/no`)], options(become)).catch((error: unknown) => error);
    await sleep(500);
    await open.cancel();
    await running;
    expect(
      await asRoot(sh`pgrep -x -f 'sleep 4242' || echo gone; ls -A /root/no /dev/shm 2>/dev/null | grep -c '^\.pb'`),
    ).to.equal('gone\n1');
  });

  it('keeps the old file and nothing else when its disk is full', async () => {
    const become = { method: 'sudo', user: 'root' };
    const open = session();
    await asRoot(sh`mkdir -p /mnt/small; mount -t tmpfs -o size=64k none /mnt/small; echo old >/mnt/small/file`);
    const small = await apply(open, [put('/mnt/small/file', 'x'.repeat(65000)), run(sh`echo no`)], options(become));
    expect(small).to.deep.include({ failed: true, values: {} });
    expect(small.msg).to.contain('No space left on device');
    const large = await apply(open, [put('/mnt/small/file', 'x'.repeat(650_000))], options(become));
    expect(large.msg).to.contain('No space left on device');
    expect(await asRoot(sh`cat /mnt/small/file; ls -A /mnt/small`)).to.equal('old\nfile');
    await asRoot(sh`mount -t tmpfs -o size=64k none /tmp; chmod 1777 /tmp`);
    expect(await apply(open, [put('/root/file', 'x'.repeat(650_000))], options(become))).to.include({ changed: true });
    // Where they go whose directory is not there yet: the task fails, the host is not lost.
    const early = [ensure(sh`[ -d /root/new ]`, sh`mkdir /root/new`), put('/root/new/file', 'x'.repeat(650_000))];
    await rejected(apply(open, early, options(become)), 'upload-failed');
    expect(await stdout(open, sh`echo well`, become)).to.equal('well');
    await asRoot(sh`umount /tmp /mnt/small; rm /root/file`);
  });

  describe('with certificates', () => {
    let key: string;

    before(async () => {
      key = join(files, 'user');
      const ca = join(files, 'ca');
      const keygen = (...words: readonly string[]) => execFileSync('ssh-keygen', ['-q', ...words]);
      keygen('-t', 'ed25519', '-N', '', '-f', ca);
      keygen('-t', 'ed25519', '-N', '', '-f', key);
      await copyFile(key, join(files, 'plain'));
      await copyFile(`${key}.pub`, join(files, 'plain.pub'));
      keygen('-s', ca, '-I', 'test', '-n', 'ubuntu', `${key}.pub`);
      const hostKey = await asRoot(sh`cat /etc/ssh/ssh_host_ed25519_key.pub`);
      await writeFile(join(files, 'host.pub'), `${hostKey}\n`);
      keygen('-s', ca, '-I', 'host', '-h', '-n', machine.address, join(files, 'host.pub'));
      const authority = (await readFile(`${ca}.pub`, 'utf8')).trim();
      await writeFile(join(files, 'known_authority'), `@cert-authority * ${authority}\n`);
      const certificate = await readFile(join(files, 'host-cert.pub'), 'utf8');
      await asRoot(sh`echo ${authority} >/etc/ssh/users.pub; echo ${certificate.trim()} >/etc/ssh/host-cert.pub
        printf 'TrustedUserCAKeys /etc/ssh/users.pub\nHostCertificate /etc/ssh/host-cert.pub\n' >/etc/ssh/sshd_config.d/ca.conf
        systemctl restart ssh`);
    });

    const connection = async (more: Partial<Target>) => {
      const open = await openConnection(target(more), process.env);
      await open.close();
      return open.constructor.name;
    };

    it('beside the key goes in by the system’s ssh, by itself', async () => {
      expect(await stdout(session({ privateKey: key }), sh`id -un`)).to.equal('ubuntu');
      expect(await connection({ privateKey: key })).to.equal('OpensshConnection');
      expect(await connection({})).to.equal('SshConnection');
    });

    it('is what lets in, not the key', async () => {
      await rejected(session({ privateKey: join(files, 'plain') }).channel(), 'auth-failed');
      await rejected(session({ privateKey: key, user: 'ops' }).channel(), 'auth-failed');
    });

    it('named in the ssh arguments goes in', async () => {
      const words = `-F none -o UserKnownHostsFile=${machine.knownHosts} -o CertificateFile=${key}-cert.pub`;
      const open = session({ privateKey: join(files, 'plain'), sshArgs: words });
      expect(await stdout(open, sh`id -un`)).to.equal('ubuntu');
    });

    it('of the host vouches for its key', async () => {
      const sshArgs = `-F none -o UserKnownHostsFile=${join(files, 'known_authority')}`;
      expect(await stdout(session({ sshArgs }), sh`id -un`)).to.equal('ubuntu');
    });

    it('is refused with a fault like any other', async () => {
      await writeFile(join(files, 'empty'), '');
      const sshArgs = `-F none -o UserKnownHostsFile=${join(files, 'empty')}`;
      const unknown = await rejected(session({ privateKey: key, sshArgs }).channel(), 'host-key-unknown');
      expect(unknown.message).to.match(/^web1: ssh cannot connect to .*host key/i);
      const down = await rejected(session({ privateKey: key, port: 1 }).channel(), 'host-unreachable');
      expect(down.message).to.contain('refused');
    });
  });

  it('is reached with a password', async () => {
    await asRoot(
      script(`printf 'PasswordAuthentication yes\n' >/etc/ssh/sshd_config.d/00-password.conf; systemctl restart ssh`),
    );
    for (const kind of ['ssh', 'openssh']) {
      const open = session({ kind, user: 'ops', privateKey: undefined, password: 'sandbox' });
      expect(await stdout(open, sh`id -un`)).to.equal('ops');
      const wrong = session({ kind, user: 'ops', privateKey: undefined, password: 'please' });
      await rejected(wrong.channel(), 'auth-failed');
    }
  });
});
