import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeImagesCommand,
  DescribeInstanceStatusCommand,
  ImportKeyPairCommand,
  type Instance,
  type IpPermission,
  ModifyInstanceAttributeCommand,
  RevokeSecurityGroupIngressCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { createKey } from '../../src/sandbox/machine.ts';
import { claimedSubnet } from '../../src/sandbox/register.ts';
import { onInstance } from '../support/on-instance.ts';
import { type OwnSandbox, ownSandbox } from '../support/own-sandbox.ts';
import { type ServedCloud, serveCloud } from '../support/served-cloud.ts';

const exec = promisify(execFile);

/** What groups let pass between real instances, this machine and a host, as it is changed by calls. */
describe('security groups of instances', function () {
  this.timeout(300_000);
  let own: OwnSandbox;
  let cloud: ServedCloud;
  let key: string;
  let gateway: string;
  let groups: { readonly web: string; readonly data: string };
  let web: Instance;
  let data: Instance;

  before(async () => {
    own = await ownSandbox(1);
    cloud = await serveCloud(own.home);
    gateway = (await claimedSubnet(own.home))?.gateway ?? '';
    key = join(own.home, 'me');
    await createKey(key, 'me');
    const PublicKeyMaterial = await readFile(`${key}.pub`);
    await cloud.ec2.send(new ImportKeyPairCommand({ KeyName: 'me', PublicKeyMaterial }));
    groups = { web: await newGroup('web'), data: await newGroup('data') };
    await admit(groups.web, { ...tcp(22), IpRanges: [{ CidrIp: `${gateway}/32` }] });
    [web, data] = [await launch(groups.web), await launch(groups.data)];
    await ready(web, data);
  });

  after(async () => {
    await cloud.stop();
    await own.sandbox.down({ purge: true });
  });

  async function newGroup(GroupName: string): Promise<string> {
    const made = await cloud.ec2.send(new CreateSecurityGroupCommand({ GroupName, Description: GroupName }));
    return made.GroupId ?? '';
  }

  const tcp = (port: number): IpPermission => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port });
  const admit = (GroupId: string, ...IpPermissions: IpPermission[]) =>
    cloud.ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  const revoke = (GroupId: string, ...IpPermissions: IpPermission[]) =>
    cloud.ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions }));

  async function launch(group: string): Promise<Instance> {
    const { Images = [] } = await cloud.ec2.send(new DescribeImagesCommand({ Owners: ['sandbox'] }));
    const plain = { ImageId: Images[0]?.ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 } as const;
    const { Instances: [instance] = [] } = await cloud.ec2.send(
      new RunInstancesCommand({ ...plain, KeyName: 'me', SecurityGroupIds: [group] }),
    );
    if (instance === undefined) throw new Error('there is no instance');
    return instance;
  }

  async function ready(...instances: readonly Instance[]): Promise<void> {
    const InstanceIds = instances.map(({ InstanceId = '' }) => InstanceId);
    for (let round = 0; round < 600; round += 1) {
      const { InstanceStatuses = [] } = await cloud.ec2.send(new DescribeInstanceStatusCommand({ InstanceIds }));
      if (InstanceStatuses.filter(({ InstanceStatus }) => InstanceStatus?.Status === 'ok').length === 2) return;
      await sleep(100);
    }
    throw new Error('the instances do not answer');
  }

  const at = ({ PrivateIpAddress = '' }: Instance) => PrivateIpAddress;

  /** Whether a connection to port 22 comes about, from this machine, from an instance, or from a host. */
  async function reaches(from: 'here' | 'web1' | Instance, to: Instance): Promise<boolean> {
    const ask = `timeout 3 bash -c ': </dev/tcp/${at(to)}/22' && echo there || true`;
    return (await on(from, ask)).trim() === 'there';
  }

  async function on(from: 'here' | 'web1' | Instance, command: string): Promise<string> {
    if (from !== 'here' && from !== 'web1') return onInstance(at(from), key, command);
    const [program = '', ...words] =
      from === 'here' ? ['bash', '-c', command] : await own.sandbox.sshCommand('web1', [command]);
    return (await exec(program, words)).stdout;
  }

  it('let this machine in where they name it, and no host', async () => {
    const seen = [reaches('here', web), reaches('here', data), reaches('web1', web), reaches(web, data)];
    expect(await Promise.all(seen)).to.deep.equal([true, false, false, false]);
  });

  it('hold from the moment of a call', async () => {
    const pair: IpPermission = { ...tcp(22), UserIdGroupPairs: [{ GroupId: groups.web }] };
    await admit(groups.data, pair);
    expect(await reaches(web, data)).to.equal(true);
    await revoke(groups.data, pair);
    expect(await reaches(web, data)).to.equal(false);
  });

  it('are those that the instance has now', async () => {
    const InstanceId = data.InstanceId ?? '';
    await cloud.ec2.send(new ModifyInstanceAttributeCommand({ InstanceId, Groups: [groups.web, groups.data] }));
    expect(await reaches('here', data)).to.equal(true);
    await cloud.ec2.send(new ModifyInstanceAttributeCommand({ InstanceId, Groups: [groups.data] }));
    expect(await reaches('here', data)).to.equal(false);
  });

  it('let instances ask the world for packages and names', async () => {
    expect(await on(web, 'sudo apt-get update -qq && apt-cache policy sl | head -1')).to.equal('sl:');
  });
});
