import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeImagesCommand,
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  GetConsoleOutputCommand,
  ImportKeyPairCommand,
  type Instance,
  ModifyInstanceMetadataOptionsCommand,
  RebootInstancesCommand,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { homeAt } from '../../src/sandbox/home.ts';
import { createKey } from '../../src/sandbox/machine.ts';
import { type OwnSandbox, ownSandbox } from '../support/own-sandbox.ts';
import { type ServedCloud, serveCloud } from '../support/served-cloud.ts';

const exec = promisify(execFile);

const USER_DATA = `Content-Type: multipart/mixed; boundary="b"
MIME-Version: 1.0

--b
Content-Type: text/cloud-config

#cloud-config
write_files:
- {path: /etc/told, content: dG9sZA==, encoding: b64, permissions: '0640', owner: 'ubuntu:ubuntu'}
users:
- default
- {name: eve, sudo: 'ALL=(ALL) NOPASSWD:ALL', groups: [sudo], shell: /bin/bash}
bootcmd: ['echo booted >>/var/booted']
runcmd: ['echo "runcmd: $(id -un)"']
ntp: {enabled: true}
--b
Content-Type: text/x-shellscript

#!/bin/bash
echo "script: $0" && echo ran >>/var/ran
--b--
`;

/** Prints how far answers of the metadata service can still go when they are in the machine. Without single quotes. */
const TTL_OF_ANSWERS = `
import socket, urllib.request, urllib.error
raw = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800))
raw.settimeout(1)
try:
    urllib.request.urlopen("http://169.254.169.254/latest/")
except urllib.error.HTTPError:
    pass
seen = set()
try:
    while True:
        packet = raw.recv(65536)
        if packet[12:16] == bytes([169, 254, 169, 254]): seen.add(packet[8])
except socket.timeout:
    pass
print(sorted(seen))
`;

/** Real machines behind the API, asked by the SDK and over SSH. */
describe('instances of the cloud', function () {
  this.timeout(300_000);
  let own: OwnSandbox;
  let cloud: ServedCloud;
  let image: string;
  let group: string;
  let key: string;
  let id: string;

  before(async () => {
    own = await ownSandbox(1);
    cloud = await serveCloud(own.home);
    const { Images = [] } = await cloud.ec2.send(new DescribeImagesCommand({ Owners: ['sandbox'] }));
    image = Images[0]?.ImageId ?? '';
    key = join(own.home, 'me');
    await createKey(key, 'me');
    const PublicKeyMaterial = await readFile(`${key}.pub`);
    await cloud.ec2.send(new ImportKeyPairCommand({ KeyName: 'me', PublicKeyMaterial }));
    const made = await cloud.ec2.send(new CreateSecurityGroupCommand({ GroupName: 'ssh', Description: 'ssh' }));
    group = made.GroupId ?? '';
    const ports = { GroupId: group, IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0' };
    await cloud.ec2.send(new AuthorizeSecurityGroupIngressCommand(ports));
  });

  after(async () => {
    await cloud.stop();
    await own.sandbox.down({ purge: true });
  });

  async function launch(input: Partial<RunInstancesCommandInput> = {}): Promise<string> {
    const plain = { ImageId: image, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, KeyName: 'me' } as const;
    const { Instances = [] } = await cloud.ec2.send(
      new RunInstancesCommand({ ...plain, SecurityGroupIds: [group], ...input }),
    );
    return Instances[0]?.InstanceId ?? '';
  }

  async function shown(instance: string): Promise<Instance | undefined> {
    const { Reservations = [] } = await cloud.ec2.send(new DescribeInstancesCommand({ InstanceIds: [instance] }));
    return Reservations[0]?.Instances?.[0];
  }

  const state = async (instance = id) => (await shown(instance))?.State?.Name;
  const address = async (instance = id) => (await shown(instance))?.PrivateIpAddress ?? '';

  async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
    for (let round = 0; !(await holds()); round += 1) {
      if (round > 600) throw new Error(`it does not come true: ${what}`);
      await sleep(100);
    }
  }

  const answers = (instance = id) =>
    until('the checks pass', async () => {
      const input = { InstanceIds: [instance] };
      const { InstanceStatuses = [] } = await cloud.ec2.send(new DescribeInstanceStatusCommand(input));
      return InstanceStatuses[0]?.InstanceStatus?.Status === 'ok';
    });

  async function console(instance = id): Promise<string> {
    const { Output = '' } = await cloud.ec2.send(new GetConsoleOutputCommand({ InstanceId: instance }));
    return Buffer.from(Output, 'base64').toString().replaceAll('\r', '');
  }

  /** As a client does that knows the host keys from the console. */
  async function on(command: string, user = 'ubuntu', instance = id): Promise<string> {
    const known = join(own.home, `known-${instance}`);
    const options = ['-o', `UserKnownHostsFile=${known}`, '-o', 'StrictHostKeyChecking=yes', '-o', 'BatchMode=yes'];
    const { stdout } = await exec('ssh', [...options, '-i', key, `${user}@${await address(instance)}`, command]);
    return stdout.trim();
  }

  async function know(instance = id): Promise<void> {
    let keys: readonly string[] = [];
    await until('the console shows host keys', async () => {
      const block = /-----BEGIN SSH HOST KEY KEYS-----\n(.*?)-----END SSH HOST KEY KEYS-----/s.exec(
        await console(instance),
      );
      keys = block?.[1]?.trim().split('\n') ?? [];
      return keys.length > 0;
    });
    const at = await address(instance);
    await writeFile(join(own.home, `known-${instance}`), keys.map((line) => `${at} ${line}\n`).join(''));
  }

  it('are machines that let the key pair in and do what their user-data says', async () => {
    id = await launch({
      UserData: Buffer.from(USER_DATA).toString('base64'),
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'web' }] }],
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 2, InstanceMetadataTags: 'enabled' },
    });
    await answers();
    await know();
    expect(await on('hostname; sudo id -u')).to.equal(`ip-${(await address()).replaceAll('.', '-')}\n0`);
    expect(await on('cat /etc/told; stat -c "%a %U" /etc/told; id -nG eve')).to.equal('told640 ubuntu\neve sudo');
    expect(await on('cat ~/.ssh/authorized_keys')).to.equal(
      (await readFile(`${key}.pub`, 'utf8')).trim().replace(/ me$/, ' me'),
    );
    expect(await on('true', 'root').catch((error: unknown) => String(error))).to.match(
      /login as the user|142|Command failed/,
    );
    await until('the last steps are done', async () =>
      (await on('ls /var/lib/cloud/instance')).includes('boot-finished'),
    );
    expect(await on('cat /var/ran /var/booted; systemctl is-system-running --wait')).to.equal('ran\nbooted\nrunning');
    const said = await console();
    for (const line of [
      'runcmd: root',
      'script: /var/lib/cloud/instances/',
      'nothing with the key ntp',
      'finished at ',
    ]) {
      expect(said).to.contain(line);
    }
    expect(await on('cat /var/log/cloud-init-output.log')).to.contain('runcmd: root');
  });

  it('learn what they are from their metadata', async () => {
    const ask = (path: string, token = '$(cat /tmp/token)') =>
      on(`curl -s -H "X-aws-ec2-metadata-token: ${token}" http://169.254.169.254/latest/${path}`);
    const code = (more: string) => on(`curl -s -o /tmp/out -w '%{http_code}' ${more}`);
    const url = 'http://169.254.169.254/latest';
    expect(await code(`${url}/meta-data/instance-id`)).to.equal('401');
    await on(`curl -s -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 600' ${url}/api/token >/tmp/token`);
    expect(await ask('meta-data/instance-id')).to.equal(id);
    expect(await ask('meta-data/local-ipv4')).to.equal(await address());
    expect(await ask('meta-data/tags/instance/Name')).to.equal('web');
    expect(await ask('meta-data/security-groups')).to.equal('ssh');
    expect(await ask('user-data')).to.equal(USER_DATA.trim());
    expect(await ask('meta-data/instance-id', 'wrong')).to.contain('401');
    expect(await on(`sudo python3 -c '${TTL_OF_ANSWERS}'`)).to.equal('[2]');
    const options = { InstanceId: id, HttpEndpoint: 'disabled' as const };
    await cloud.ec2.send(new ModifyInstanceMetadataOptionsCommand(options));
    expect(await code(`${url}/meta-data/instance-id`)).to.equal('403');
    await cloud.ec2.send(new ModifyInstanceMetadataOptionsCommand({ ...options, HttpEndpoint: 'enabled' }));
  });

  it('keep their disk and their host keys when they are stopped, started and rebooted', async () => {
    await on('echo kept >kept; sync');
    const boot = () =>
      on('cat /proc/sys/kernel/random/boot_id >/dev/null; stat -c %Z /proc/1; cut -d" " -f22 /proc/1/stat');
    await cloud.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    await until('it is stopped', async () => (await state()) === 'stopped');
    expect((await shown(id))?.StateReason?.Code).to.equal('Client.UserInitiatedShutdown');
    await cloud.ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
    await answers();
    expect(await on('cat kept; cat /var/ran /var/booted')).to.equal('kept\nran\nbooted\nbooted');
    const before = await boot();
    await cloud.ec2.send(new RebootInstancesCommand({ InstanceIds: [id] }));
    await until('it has booted anew', async () => (await boot().catch(() => before)) !== before);
    expect(await state()).to.equal('running');
  });

  it('go on when the server is killed, and what was begun is done', async () => {
    const began = () => on('cut -d" " -f22 /proc/1/stat');
    const before = await began();
    await cloud.kill();
    cloud = await serveCloud(own.home);
    expect(await state()).to.equal('running');
    expect(await began()).to.equal(before);
    expect(await on('curl -s -o /dev/null -w "%{http_code}" http://169.254.169.254/latest/meta-data/')).to.equal('401');
    for (const delay of [0, 150]) {
      const other = await launch();
      await sleep(delay);
      await cloud.kill();
      cloud = await serveCloud(own.home);
      await answers(other);
      await cloud.ec2.send(new StopInstancesCommand({ InstanceIds: [other] }));
      await sleep(delay);
      await cloud.kill();
      cloud = await serveCloud(own.home);
      await until('it is stopped', async () => (await state(other)) === 'stopped');
      await cloud.ec2.send(new TerminateInstancesCommand({ InstanceIds: [other] }));
      await sleep(delay);
      await cloud.kill();
      cloud = await serveCloud(own.home);
      await until('it is terminated', async () => (await state(other)) === 'terminated');
      expect(await traces(other)).to.deep.equal([]);
    }
    expect(await began()).to.equal(before);
  });

  it('end by themselves as they were told to', async () => {
    const other = await launch({
      InstanceInitiatedShutdownBehavior: 'terminate',
      UserData: Buffer.from('#!/bin/sh\npoweroff\n').toString('base64'),
    });
    await until('it is terminated', async () => (await state(other)) === 'terminated');
    expect((await shown(other))?.StateReason?.Code).to.equal('Client.InstanceInitiatedShutdown');
    expect(await traces(other)).to.deep.equal([]);
    await on('sudo systemctl poweroff').catch(() => {});
    await until('it is stopped', async () => (await state()) === 'stopped');
  });

  it('leave nothing when they are terminated, and no host is touched', async () => {
    await cloud.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    await until('it is terminated', async () => (await state()) === 'terminated');
    expect(await traces(id)).to.deep.equal([]);
    expect(await readdir(homeAt(own.home).instances)).to.deep.equal([]);
    expect((await own.sandbox.status()).map(({ state: now }) => now)).to.deep.equal(['running']);
  });

  /** What is left of an instance anywhere on this machine. */
  async function traces(instance: string): Promise<readonly string[]> {
    const all = [
      await readFile('/proc/self/mountinfo', 'utf8'),
      (await exec('ip', ['netns'])).stdout,
      (await exec('ps', ['-eo', 'args'])).stdout,
      (await exec('find', ['/sys/fs/cgroup', '-name', `*${instance}*`])).stdout,
    ].join('\n');
    const folder = join(homeAt(own.home).instances, instance);
    return [...all.split('\n').filter((line) => line.includes(instance)), ...(existsSync(folder) ? [folder] : [])];
  }
});
