import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { parseSshArguments } from '../../src/connection/ssh-arguments.ts';
import { sshSettings } from '../../src/connection/ssh-settings.ts';
import { Fault } from '../../src/fault.ts';
import { isInstalled } from '../support/is-installed.ts';
import { rejected } from '../support/rejected.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

describe('ssh arguments', () => {
  const options = (line: string) => Object.fromEntries(parseSshArguments(line).options);

  it('are options in all the ways in which ssh takes them', () => {
    expect(options(`-o ControlMaster=auto -o "User me" -oPort=2222 -C4 -i /k1 -i/k2 -J a,b -l you`)).to.deep.equal({
      controlmaster: ['auto'],
      user: ['me'],
      port: ['2222'],
      compression: ['yes'],
      addressfamily: ['inet'],
      identityfile: ['/k1', '/k2'],
      proxyjump: ['a,b'],
    });
  });

  it('may hold a command with quotes', () => {
    const line = `-o ProxyCommand="ssh -W %h:%p -q 'my bastion'" -F /etc/other`;
    expect(options(line)).to.deep.equal({ proxycommand: [`ssh -W %h:%p -q 'my bastion'`] });
    expect(parseSshArguments(line).configFile).to.equal('/etc/other');
  });

  it('that end too early are a fault', () => {
    expect(() => parseSshArguments('-o')).to.throw(Fault, '"-o" is not an option of ssh');
  });
});

describe('ssh_config', () => {
  const directory = temporaryDirectory();
  let file: string;

  before(async () => {
    file = join(directory(), 'config');
    await mkdir(join(directory(), 'more'));
    await writeFile(join(directory(), 'more', '10-web'), 'Host web*\n  Port 2201\n');
    await writeFile(
      file,
      `# the company's
Include ${directory()}/more/*
Host web1 !web2 db?
  HostName %h.example.com
  User deploy
  IdentityFile ~/.ssh/%r_key
  ProxyJump bastion:2200,inner
  StrictHostKeyChecking = accept-new
  UserKnownHostsFile ${directory()}/a "${directory()}/b"
Match host *.example.com
  Port 2202
Host *
  User "someone"
  ServerAliveInterval 7
  ForwardAgent yes
`,
    );
  });

  const settings = (address: string, more = {}) =>
    sshSettings({ name: 'h', kind: 'ssh', address, hostKeyChecking: true, sshArgs: `-F ${file}`, ...more }, {});

  it('decides what nobody else does', async () => {
    const found = await settings('web1');
    expect(found).to.deep.include({
      host: 'web1.example.com',
      port: 2201,
      user: 'deploy',
      jumps: ['bastion:2200', 'inner'],
      strict: 'accept-new',
      keepalive: 7,
      forwardAgent: true,
      userKnownHosts: [`${directory()}/a`, `${directory()}/b`],
    });
    expect(found.identityFiles[0]).to.match(/^\/.*\/\.ssh\/deploy_key$/);
  });

  it('comes after the inventory and the ssh arguments', async () => {
    const found = await settings('web1', {
      port: 22,
      user: 'me',
      privateKey: '/k',
      timeout: 3,
      sshArgs: `-F ${file} -o ServerAliveInterval=2 -o User=you`,
    });
    expect(found).to.deep.include({ port: 22, user: 'me', keepalive: 2, timeout: 3, explicitKey: '/k' });
    expect(found.identityFiles.slice(0, 1)).to.deep.equal(['/k']);
  });

  it('holds for the hosts that it names', async () => {
    expect(await settings('other')).to.deep.include({
      host: 'other',
      port: 22,
      user: 'someone',
      jumps: [],
      strict: 'yes',
    });
  });

  it('that is wrong is a fault with what ssh says', async function () {
    if (!isInstalled('ssh')) this.skip();
    const broken = join(directory(), 'broken');
    await writeFile(broken, 'Host web1\n  Prot 22\n');
    const found = sshSettings(
      { name: 'h', kind: 'ssh', address: 'web1', hostKeyChecking: true, sshArgs: `-F ${broken}` },
      {},
    );
    expect((await rejected(found, 'config-invalid')).message).to.contain(
      `${broken}: line 2: Bad configuration option: prot`,
    );
  });

  it('is read the same where there is no ssh', () => {
    const script = `
      const { sshSettings } = await import(process.argv[1]);
      const found = [];
      for (const address of ['web1', 'web2', 'db7', 'other']) {
        const { options, ...rest } = await sshSettings({ name: 'h', kind: 'ssh', address, hostKeyChecking: true, sshArgs: '-F ' + process.argv[2] }, {});
        found.push({ ...rest, identityFiles: rest.identityFiles.slice(0, 1).filter((path) => path.endsWith('_key')), configured: undefined });
      }
      console.log(JSON.stringify(found));`;
    const room = new URL('../../src/connection/ssh-settings.ts', import.meta.url).pathname;
    const run = (PATH: string) =>
      execFileSync(process.execPath, ['--import', 'tsx/esm', '--input-type=module', '-e', script, room, file], {
        env: { ...process.env, PATH },
      }).toString();
    expect(run('/nowhere')).to.equal(run(process.env['PATH'] ?? ''));
  });
});
