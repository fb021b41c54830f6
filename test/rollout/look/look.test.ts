import { expect } from 'chai';
import { type FaultCode, Findings, faultsOf } from '../../../src/fault.ts';
import { look } from '../../../src/rollout/look/look.ts';
import { groupsMeant } from '../../../src/rollout/look/look-at-groups.ts';
import type { State } from '../../../src/rollout/state/state.ts';
import { NONE } from '../../../src/sandbox/cloud/injections.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { type Project, startProject } from '../support/project.ts';

const AMI = `ami-${'1'.repeat(17)}`;

describe('what there is for a plan', () => {
  const directory = temporaryDirectory();
  let project: Project;
  beforeEach(async () => {
    project = await startProject(directory());
  });
  afterEach(() => project.stop());

  /** Looks for a fleet `web` with these lines. */
  function lookFor(...lines: readonly string[]) {
    const text = lines.map((line) => `    ${line}\n`).join('');
    const { fleets } = project.config(`fleets:\n  web:\n    count: 2\n${text}`);
    const goal = { kind: 'config' } as const;
    const wanted = [...fleets.values()].map((fleet) => ({ fleet, goal }));
    return look({ cloud: project.cloud, fleets: wanted, state: undefined });
  }

  /** `line message (hint)` of each fault. */
  async function faultsFor(...lines: readonly string[]): Promise<readonly string[]> {
    try {
      await lookFor(...lines);
    } catch (error) {
      return (faultsOf(error) ?? []).map(
        ({ where, message, hint }) => `${where?.line}:${where?.column} ${message} (${hint})`,
      );
    }
    return [];
  }

  async function codeFor(...lines: readonly string[]): Promise<FaultCode | undefined> {
    const error: unknown = await lookFor(...lines).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    return faultsOf(error)?.[0]?.code;
  }

  it('is the image, the default network, and the target group with its drain', async () => {
    project.image('1');
    await project.balancer();
    const { cloud, fleets } = await lookFor(
      'image: app',
      'target_groups: [web]',
      'security_groups: [web]',
      'key: sandbox',
    );
    const web = fleets.get('web')!;
    expect(cloud).to.deep.include({ kind: 'sandbox', region: 'us-east-1' });
    expect(web.image).to.deep.equal({ id: AMI, name: 'app-1', architecture: 'x86_64' });
    expect(web.targetGroups[0]).to.deep.include({ name: 'web', port: 8080, drain: 5000 });
    expect(web.targetGroupArns).to.deep.equal(web.targetGroups.map(({ arn }) => arn));
    expect(web.subnets.map(({ zone }) => zone)).to.deep.equal([...web.subnets.map(({ zone }) => zone)].sort());
    expect(web.subnets.length).to.be.greaterThan(1);
    expect(web.securityGroupIds).to.have.length(1);
    expect([...web.instances]).to.deep.equal([]);
  });

  it('takes few calls', async () => {
    project.image('1');
    await project.balancer();
    const before = (await project.server.calls()).length;
    await lookFor('image: app', 'target_groups: [web]');
    const calls = (await project.server.calls()).slice(before).map(({ action }) => action);
    expect(calls.sort()).to.deep.equal([
      ...['DescribeImages', 'DescribeInstances', 'DescribeKeyPairs', 'DescribeSecurityGroups', 'DescribeSubnets'],
      ...['DescribeTargetGroupAttributes', 'DescribeTargetGroups', 'DescribeTargetHealth', 'GetCallerIdentity'],
    ]);
  });

  it('finds instances by the tag of the fleet, and by the ids of the state', async () => {
    project.image('1');
    const { ec2 } = project.cloud;
    const run = async (Value: string) => {
      const { Instances: [one] = [] } = await ec2().runInstances({
        ...{ ImageId: AMI, InstanceType: 't3.small', MinCount: 1, MaxCount: 1, ClientToken: `t-${Value}` },
        TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'playbake:fleet', Value }] }],
      });
      return one?.InstanceId ?? '';
    };
    const [own, other] = [await run('web'), await run('other')];
    const found = await lookFor('image: app');
    const web = found.fleets.get('web')!;
    expect([...web.instances.keys()]).to.deep.equal([own]);
    expect(web.instances.get(own)).to.deep.include({ token: 't-web', imageId: AMI, instanceType: 't3.small' });
    const { fleets } = project.config('fleets: { web: { image: app, count: 1 } }\n');
    const fleet = fleets.get('web')!;
    const settings = { imageId: AMI, imageName: 'app-1', instanceType: 't3.small', subnetId: '', securityGroupIds: [] };
    const instance = {
      token: '',
      id: other,
      inService: true,
      settings: { ...settings, tags: {}, volumes: [], targetGroupArns: [] },
    };
    const state: State = {
      version: 1,
      ...{ lineage: 'l', serial: 1, playbake: '1' },
      fleets: {
        web: {
          engine: 'ec2',
          ...{ region: 'us-east-1', history: [] },
          slots: { 0: { current: instance, deposed: [], volumes: {} } },
        },
      },
    };
    const goal = { kind: 'destroy' } as const;
    const seen = await look({ cloud: project.cloud, fleets: [{ fleet, goal }], state });
    expect([...seen.fleets.get('web')!.instances.keys()].sort()).to.deep.equal([own, other].sort());
  });

  it('is the image that a channel, an id or a name means', async () => {
    const [first, second] = [
      project.image('1', { 'playbake:channel/stable': '2026-11-02T00:00:00Z' }),
      project.image('2'),
    ];
    const idOf = async (image: string) => (await lookFor(`image: ${image}`)).fleets.get('web')?.image?.id;
    expect(await idOf('app')).to.equal(second);
    expect(await idOf('app:stable')).to.equal(first);
    expect(await idOf(first)).to.equal(first);
    expect(await idOf('app-1')).to.equal(first);
  });

  it('is no image that is not there, not good or revoked', async () => {
    const at = '5:12 fleet web:';
    expect(await faultsFor('image: app')).to.deep.equal([
      `${at} there is no image app in us-east-1 (\`playbake image list\` lists those that bakes have made)`,
    ]);
    project.image('1', { 'playbake:state': 'building' });
    expect(await faultsFor('image: app')).to.deep.equal([
      `${at} no image of app is good; the newest, app-1 (${AMI}), is not good: its bake is not through, or was left behind (make one: bake app)`,
    ]);
    expect(await faultsFor('image: app:stable')).to.deep.equal([
      `${at} no image of app is in the channel stable (none of them is good: \`playbake image list app\`)`,
    ]);
    const good = project.image('2');
    expect(await faultsFor('image: app:stable')).to.deep.equal([
      `${at} no image of app is in the channel stable (playbake image promote ${good} stable)`,
    ]);
    const bad = project.image('3', {
      'playbake:revoked': '2026-11-02T00:00:00Z',
      'playbake:revoked-because': 'a leak',
    });
    expect(await faultsFor(`image: ${bad}`)).to.deep.equal([
      `${at} app-3 (${bad}) is revoked: a leak (the newest good one is ${good}; image: app means it)`,
    ]);
    expect(await faultsFor(`image: ami-${'9'.repeat(17)}`)).to.have.length(1);
    expect(await codeFor('image: app-4')).to.equal('image-missing');
    expect(await codeFor(`image: ${bad}`)).to.equal('image-unusable');
  });

  it('is told all at once where things are not there', async () => {
    project.image('1');
    await project.balancer();
    const faults = await faultsFor(
      'image: aap',
      'subnets: [subnet-00000001]',
      'security_groups: [wbe]',
      'key: sandbx',
      'target_groups: [wbe, api]',
    );
    expect(faults).to.have.members([
      '5:12 fleet web: there is no image aap in us-east-1 (did you mean app?)',
      '6:15 fleet web: there is no subnet subnet-00000001 (`aws ec2 describe-subnets` lists them)',
      '8:10 fleet web: there is no key pair sandbx (did you mean sandbox?)',
      '9:21 fleet web: there is no target group wbe (did you mean web?)',
      '9:26 fleet web: there is no target group api (there are web)',
    ]);
  });

  it('is no target group that instances cannot be in', async () => {
    project.image('1');
    await project.balancer();
    const elb = project.cloud.elb();
    const { Vpcs: [vpc] = [] } = await project.cloud.ec2().describeVpcs({});
    const VpcId = vpc?.VpcId ?? '';
    await elb.createTargetGroup({ Name: 'addresses', Protocol: 'HTTP', Port: 80, VpcId, TargetType: 'ip' });
    await elb.createTargetGroup({ Name: 'idle', Protocol: 'HTTP', Port: 80, VpcId, TargetType: 'instance' });
    expect(await faultsFor('image: app', 'target_groups: [addresses, idle]')).to.deep.equal([
      '6:21 fleet web: the targets of addresses are of type ip, not instance (make a group with TargetType instance)',
      '6:32 fleet web: no load balancer uses the target group idle: nothing in it becomes healthy (let a listener or a rule of a load balancer forward to it)',
    ]);
  });

  it('is no target group of connections that cannot be drained', () => {
    const { fleets } = project.config('fleets: { web: { image: app, count: 1, target_groups: [dns] } }\n');
    const findings = new Findings();
    const group = { TargetGroupName: 'dns', TargetType: 'instance', Protocol: 'UDP', VpcId: 'vpc-1' } as const;
    groupsMeant(fleets.get('web')!, [{ ...group, LoadBalancerArns: ['arn'] }], 'vpc-1', findings);
    expect(findings.faults.map(({ message, hint }) => [message, hint])).to.deep.equal([
      ['fleet web: the target group dns is for UDP', 'instances are drained of HTTP, HTTPS, TCP, TLS'],
    ]);
  });

  it('is no fleet in two VPCs, nor behind a balancer of another', async () => {
    project.image('1');
    await project.balancer();
    const ec2 = project.cloud.ec2();
    const { Vpc } = await ec2.createVpc({ CidrBlock: '10.77.128.0/20' });
    const { Subnet } = await ec2.createSubnet({ VpcId: Vpc?.VpcId ?? '', CidrBlock: '10.77.128.0/24' });
    const { Subnets: [own] = [] } = await ec2.describeSubnets({
      Filters: [{ Name: 'default-for-az', Values: ['true'] }],
    });
    const [mine, other] = [own?.SubnetId, Subnet?.SubnetId];
    expect(await faultsFor('image: app', `subnets: [${mine}, ${other}]`)).to.deep.equal([
      `6:41 fleet web: ${other} is in ${Vpc?.VpcId}, and ${mine} in ${own?.VpcId} (a fleet is in one VPC)`,
    ]);
    const faults = await faultsFor(
      'image: app',
      `subnets: [${other}]`,
      'target_groups: [web]',
      'security_groups: [web]',
    );
    expect(faults).to.deep.equal([
      `8:23 fleet web: there is no security group web in ${Vpc?.VpcId} (it is in ${own?.VpcId}, and the fleet's subnets are in ${Vpc?.VpcId})`,
      `7:21 fleet web: the target group web is in ${own?.VpcId}, and the fleet's subnets are in ${Vpc?.VpcId} (name subnets of its VPC)`,
    ]);
  });

  it('warns of more subnets than zones', async () => {
    project.image('1');
    const ec2 = project.cloud.ec2();
    const { Subnets = [] } = await ec2.describeSubnets({ Filters: [{ Name: 'default-for-az', Values: ['true'] }] });
    const [one, two] = Subnets;
    const { VpcId = '', AvailabilityZone = '' } = one ?? {};
    const { Subnet } = await ec2.createSubnet({ VpcId, AvailabilityZone, CidrBlock: freeBlock(Subnets) });
    const ids = [one?.SubnetId, two?.SubnetId, Subnet?.SubnetId];
    const { fleets } = await lookFor('image: app', `subnets: [${ids.join(', ')}]`);
    expect(fleets.get('web')?.warnings).to.deep.equal([
      `${ids[0]} and ${ids[2]} are both in ${AvailabilityZone}, which therefore has more of the instances than other zones`,
    ]);
  });

  it('stops at a call that is not allowed, with its name', async () => {
    project.image('1');
    const failure = {
      action: 'DescribeTargetGroups',
      how: 'error',
      code: 'AccessDenied',
      message: 'no',
      status: 403,
    } as const;
    await project.server.injector.set({ ...NONE, failures: [failure] });
    const error: unknown = await lookFor('image: app', 'target_groups: [web]').catch((reason: unknown) => reason);
    expect(faultsOf(error)?.[0]).to.deep.include({
      code: 'cloud-denied',
      hint: 'the policy of the credentials needs elasticloadbalancing:DescribeTargetGroups',
    });
  });
});

/** A block of the VPC that no subnet has. */
function freeBlock(subnets: readonly { readonly CidrBlock?: string | undefined }[]): string {
  const thirds = subnets.map(({ CidrBlock = '' }) => Number(CidrBlock.split('.')[2]));
  const [first = '', second = ''] = (subnets[0]?.CidrBlock ?? '').split('.');
  return `${first}.${second}.${Math.max(...thirds) - (Math.max(...thirds) % 16) + 15}.240/28`;
}
