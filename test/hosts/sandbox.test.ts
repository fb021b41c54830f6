import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { Fault } from '../../src/fault.ts';
import { homeAt } from '../../src/sandbox/home.ts';
import { claimedSubnet } from '../../src/sandbox/register.ts';
import { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { Subnet } from '../../src/sandbox/subnet.ts';
import { ownSandbox } from '../support/own-sandbox.ts';
import { until } from '../support/until.ts';

const exec = promisify(execFile);
const SYSCTLS = ['/proc/sys/net/ipv4/ip_forward', '/proc/sys/fs/inotify/max_user_instances'];

/** A sandbox of its own, so that the user's is not touched; the base image is the user's if there is one. */
describe('sandbox', function () {
  this.timeout(300_000);
  let home: string;
  let sandbox: Sandbox;
  let sysctls: readonly string[];

  before(async () => {
    sysctls = await Promise.all(SYSCTLS.map((path) => readFile(path, 'utf8')));
    ({ home, sandbox } = await ownSandbox(2));
  });

  after(() => sandbox.down({ purge: true }));

  async function on(name: string, command: string): Promise<string> {
    const [program = '', ...args] = await sandbox.sshCommand(name, [command]);
    return (await exec(program, args)).stdout.trim();
  }

  async function subnet(): Promise<Subnet> {
    const claimed = await claimedSubnet(home);
    if (claimed === undefined) throw new Error('the sandbox has no subnet');
    return claimed;
  }

  /** An operation in a process of its own, which can be killed. */
  function elsewhere(operation: string, environment: NodeJS.ProcessEnv = {}): ChildProcess {
    const script = `import { Sandbox } from '${join(import.meta.dirname, '../../src/sandbox/sandbox.ts')}';
      const sandbox = new Sandbox({ home: '${home}' });
      process.stdout.write('ready');
      await sandbox.${operation};`;
    return spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  }

  it('boots machines that run systemd and let ubuntu in by key, with sudo', async () => {
    expect(await on('web1', 'systemctl is-system-running --wait')).to.equal('running');
    expect(await on('web2', 'id -u; echo $HOME; hostname; sudo id -u')).to.equal('1000\n/home/ubuntu\nweb2\n0');
    const states = (await sandbox.status()).map(({ name, state }) => `${name} ${state}`);
    expect(states).to.deep.equal(['web1 running', 'web2 running']);
  });

  it('has a user whose sudo asks for the password', async () => {
    const words = await sandbox.sshCommand('web1', [
      'sudo -k; echo sandbox | sudo -S id -u; sudo -kn true || echo asks',
    ]);
    const [program = '', ...args] = words.map((word) => word.replace(/^ubuntu@/, 'ops@'));
    expect((await exec(program, args)).stdout.trim()).to.equal('0\nasks');
  });

  it('gives every machine its own network, in which they reach each other', async () => {
    const [, second] = await sandbox.status();
    expect(await on('web1', `ping -c 1 -W 2 ${second?.address} >/dev/null && echo there`)).to.equal('there');
    expect(await on('web1', 'ip -brief -4 address show eth0')).to.match(/^eth0@\S+ +UP +10\.77\.\d+\.11\/20$/);
  });

  it('leaves what runs alone when it is brought up again', async () => {
    const born = () => on('web1', 'stat --format=%Y /run/systemd/system; cat /proc/1/stat | cut -d" " -f22');
    const before = await born();
    await sandbox.up(2);
    expect(await born()).to.equal(before);
  });

  it('installs packages with apt and pip as this machine does', async () => {
    await on('web1', 'sudo apt-get install -y python3-venv && python3 -m venv v && v/bin/pip install --quiet flask');
    expect(await on('web1', 'v/bin/python -c "import flask; print(flask.__name__)"')).to.equal('flask');
  });

  it('resets one machine to a pristine root file system with the same address and host key', async () => {
    const key = () => on('web1', 'cat /etc/ssh/ssh_host_ed25519_key.pub');
    const [before, [first]] = [await key(), await sandbox.status()];
    await on('web1', 'sudo sh -c "echo broken >/etc/motd; rm -rf /usr/share/doc; useradd mallory"');
    await on('web2', 'touch stays');
    await sandbox.reset(['web1']);
    expect(
      await on(
        'web1',
        'ls; getent passwd mallory; cat /etc/motd | grep broken; ls -d /usr/share/doc; dpkg -s python3-venv 2>&1 | head -1',
      ),
    ).to.match(/^\/usr\/share\/doc\ndpkg-query: package 'python3-venv' is not installed/);
    expect(await key()).to.equal(before);
    expect((await sandbox.status())[0]?.address).to.equal(first?.address);
    expect(await on('web2', 'ls stays')).to.equal('stays');
  });

  it('lets a machine reboot and power off, and starts it again with its disk', async () => {
    const began = () => on('web1', 'cut -d" " -f22 /proc/1/stat');
    const before = await began();
    await on('web1', 'touch kept; sudo systemctl reboot').catch(() => {});
    await until(async () => (await began().catch(() => before)) !== before);
    await on('web1', 'sudo systemctl poweroff').catch(() => {});
    await until(async () => (await sandbox.status())[0]?.state === 'stopped');
    await sandbox.up(2);
    expect(await on('web1', 'ls')).to.equal('kept');
  });

  it('lets machines use a proxy that listens on the loopback of this machine', async () => {
    const proxy = await startProxy();
    const { port } = proxy.server.address() as AddressInfo;
    const up = elsewhere('up(3)', { http_proxy: `http://127.0.0.1:${port}` });
    expect(await ended(up)).to.equal(0);
    proxy.requests.length = 0;
    await on('web3', 'sudo apt-get update');
    expect(proxy.requests.some((url) => url.endsWith('/InRelease'))).to.equal(true);
    proxy.server.close();
  });

  it('serves two that bring it up at the same time', async () => {
    const [one, other] = await Promise.all([sandbox.up(4), new Sandbox({ home }).up(4)]);
    expect(one.map(({ name }) => name)).to.deep.equal(['web1', 'web2', 'web3', 'web4']);
    expect(other.map(({ state }) => state)).to.deep.equal(['running', 'running', 'running', 'running']);
  });

  it('recovers from a kill -9 at any moment of up', async () => {
    const machines = join(home, 'machines');
    for (const delay of [60, 150, 250, 400]) {
      for (const name of await readdir(machines)) await rm(join(machines, name, 'number'));
      await killAfter(elsewhere('up(4)'), delay);
      expect((await sandbox.up(4)).filter(({ state }) => state === 'running')).to.have.length(4);
      expect(await on('web4', 'systemctl is-system-running --wait')).to.equal('running');
    }
  });

  it('recovers from a kill -9 while a layer is built', async () => {
    const isBuilding = async () => (await readdir(join(home, 'settings'))).some((name) => name.endsWith('.building'));
    const builder = elsewhere('up(4)', { PIP_INDEX_URL: 'https://one.example/simple' });
    await until(isBuilding);
    builder.kill('SIGKILL');
    await ended(builder);
    expect(await isBuilding()).to.equal(true);
    await sandbox.up(4);
    expect(await isBuilding()).to.equal(false);
  });

  it('stops when it is asked to, and goes on the next time', async () => {
    const controller = new AbortController();
    const onProgress = () => setTimeout(() => controller.abort(), 300);
    process.env['PIP_INDEX_URL'] = 'https://two.example/simple';
    const stopped = new Sandbox({ home, onProgress, signal: controller.signal });
    const failure = await stopped.up(4).catch((error: unknown) => error);
    delete process.env['PIP_INDEX_URL'];
    expect(failure).to.be.instanceOf(Fault).with.property('code', 'interrupted');
    expect((await sandbox.up(4)).map(({ state }) => state)).to.deep.equal(['running', 'running', 'running', 'running']);
  });

  it('recovers from a kill -9 at any moment of reset, with the same host keys', async () => {
    const keys = await readFile(homeAt(home).knownHosts, 'utf8');
    for (const delay of [150, 250, 350]) {
      await killAfter(elsewhere('reset()'), delay);
      expect((await sandbox.up(4)).filter(({ state }) => state === 'running')).to.have.length(4);
      expect(await readFile(homeAt(home).knownHosts, 'utf8')).to.equal(keys);
      expect(await on('web3', 'systemctl is-system-running --wait')).to.equal('running');
    }
  });

  it('leaves nothing behind when it is taken down, even after a kill -9', async () => {
    await killAfter(elsewhere('up(6)'), 300);
    const { bridge, tag } = await subnet();
    await sandbox.down();
    const traces = [
      await readFile('/proc/self/mountinfo', 'utf8'),
      (await exec('ip', ['netns'])).stdout,
      (await exec('ip', ['-oneline', 'link'])).stdout,
      (await exec('nft', ['list', 'tables'])).stdout,
      (await exec('ps', ['-eo', 'args'])).stdout.replaceAll(process.argv.join(' '), ''),
      (await exec('find', ['/sys/fs/cgroup', '/run/systemd', '-name', `*${tag}*`, '-o', '-name', `${bridge}-*`]))
        .stdout,
    ].join('\n');
    const left = traces
      .split('\n')
      .filter((line) => line.includes(home) || new RegExp(`\\b(${bridge}|${tag})(v\\d+|-|\\b)`).test(line));
    expect(left).to.deep.equal([]);
    expect(await readdir(home)).to.have.members(['base', 'id_ed25519', 'id_ed25519.pub', 'lock', 'settings']);
    expect(await Promise.all(SYSCTLS.map((path) => readFile(path, 'utf8')))).to.deep.equal(sysctls);
    expect(await sandbox.status()).to.deep.equal([]);
    await sandbox.down({ purge: true });
    expect(existsSync(home)).to.equal(false);
  });
});

async function killAfter(child: ChildProcess, milliseconds: number): Promise<void> {
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  await sleep(milliseconds);
  child.kill('SIGKILL');
  await ended(child);
}

function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once('close', resolve));
}

/** A plain HTTP proxy on 127.0.0.1 that remembers what it was asked for. */
async function startProxy(): Promise<{ readonly server: Server; readonly requests: string[] }> {
  const requests: string[] = [];
  const server = createServer((asked, answer) => {
    requests.push(asked.url ?? '');
    const onward = request(asked.url ?? '', { method: asked.method, headers: asked.headers }, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers);
      got.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    asked.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, requests };
}
