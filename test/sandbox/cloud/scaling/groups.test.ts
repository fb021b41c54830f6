import { StopInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { cloudStatus } from '../../../../src/sandbox/cloud/cloud-status.ts';
import { codeOf } from '../../../support/cloud-server.ts';
import { type ScaledCloud, startScaledCloud } from '../../../support/scaled-cloud.ts';

const WEB = { AutoScalingGroupName: 'web' };

describe('Auto Scaling groups', () => {
  let cloud: ScaledCloud;
  beforeEach(async () => {
    cloud = await startScaledCloud();
  });
  afterEach(async () => {
    expect(cloud.server.errors).to.deep.equal([]);
    await cloud.stop();
  });

  const described = async () => (await cloud.scaling.describeAutoScalingGroups({})).AutoScalingGroups ?? [];
  const activities = async () => (await cloud.scaling.describeScalingActivities(WEB)).Activities ?? [];
  const running = () => Object.values(cloud.state().instances).filter(({ state }) => state === 'running');

  it('launch what their template says, over their zones, with their tags, and say so', async () => {
    const tag = { Key: 'role', Value: 'web', PropagateAtLaunch: true };
    await cloud.create({
      Tags: [tag, { Key: 'cost', Value: 'x', PropagateAtLaunch: false }],
      HealthCheckGracePeriod: 60,
    });
    expect(
      running()
        .map(({ zone }) => zone)
        .sort(),
    ).to.deep.equal(['us-east-1a', 'us-east-1b', 'us-east-1c']);
    for (const { tags, type } of running()) {
      expect(type).to.equal('t3.micro');
      expect(tags).to.deep.equal({
        role: 'web',
        'aws:autoscaling:groupName': 'web',
        'aws:ec2launchtemplate:id': cloud.LaunchTemplateId,
        'aws:ec2launchtemplate:version': '1',
      });
    }
    const [group] = await described();
    expect(group).to.deep.include({ MinSize: 0, MaxSize: 10, DesiredCapacity: 3, HealthCheckGracePeriod: 60 });
    expect(group).to.deep.include({ HealthCheckType: 'EC2', TerminationPolicies: ['Default'], DefaultCooldown: 300 });
    expect(group?.AutoScalingGroupARN).to.match(/:autoScalingGroup:[0-9a-f-]{36}:autoScalingGroupName\/web$/);
    expect(group?.Instances?.map((one) => `${one.LifecycleState} ${one.HealthStatus}`)).to.deep.equal(
      Array(3).fill('InService Healthy'),
    );
    expect(group?.Tags?.map(({ Key, PropagateAtLaunch }) => `${Key} ${PropagateAtLaunch}`)).to.have.members([
      'role true',
      'cost false',
    ]);
    const [newest] = await activities();
    expect(newest).to.deep.include({ StatusCode: 'Successful', Progress: 100 });
    expect(newest?.Cause).to.match(
      /a user request created an AutoScalingGroup.*from 0 to 3\. .*increasing the capacity from 2 to 3\.$/,
    );
    expect(await activities()).to.have.length(3);
  });

  it('keep their number, whoever ends an instance', async () => {
    await cloud.create();
    const [first = '', second = '', third = ''] = cloud.ids();
    await cloud.ec2.send(new TerminateInstancesCommand({ InstanceIds: [first] }));
    await cloud.ec2.send(new StopInstancesCommand({ InstanceIds: [second] }));
    await cloud.settle();
    expect(cloud.ids()).to.have.length(3).and.include(third).and.not.include.members([first, second]);
    expect(cloud.state().instances[second]?.state).to.equal('terminated');
    expect(
      running()
        .map(({ zone }) => zone)
        .sort(),
    ).to.deep.equal(['us-east-1a', 'us-east-1b', 'us-east-1c']);
    expect((await activities()).filter(({ Description }) => Description?.startsWith('Terminating'))).to.have.length(2);
  });

  it('grow and shrink, those of old templates first, and never what is protected', async () => {
    await cloud.create({ VPCZoneIdentifier: cloud.subnets[0] ?? '' });
    const [kept = ''] = cloud.ids();
    await cloud.scaling.setInstanceProtection({ ...WEB, InstanceIds: [kept], ProtectedFromScaleIn: true });
    const LaunchTemplate = { LaunchTemplateId: cloud.LaunchTemplateId, Version: await cloud.version() };
    await cloud.scaling.updateAutoScalingGroup({ ...WEB, LaunchTemplate, DesiredCapacity: 4 });
    await cloud.settle();
    expect(cloud.members()).to.deep.equal(['InService v1', 'InService v1', 'InService v1', 'InService v2']);
    await cloud.scaling.setDesiredCapacity({ ...WEB, DesiredCapacity: 2 });
    await cloud.settle();
    expect(cloud.members()).to.deep.equal(['InService v1', 'InService v2']);
    expect(cloud.ids()).to.include(kept);
    await cloud.scaling.setDesiredCapacity({ ...WEB, DesiredCapacity: 0 });
    await cloud.settle();
    expect(cloud.ids()).to.deep.equal([kept]);
  });

  it('replace what is unhealthy at once, or when others are ready in its place', async () => {
    const sicken = async (ids: readonly string[]) => {
      for (const InstanceId of ids) await cloud.scaling.setInstanceHealth({ InstanceId, HealthStatus: 'Unhealthy' });
      await cloud.settle();
    };
    await cloud.create();
    const before = cloud.ids();
    await sicken(before);
    expect(cloud.ids()).to.have.length(3).and.not.include.members(before);
    const InstanceMaintenancePolicy = { MinHealthyPercentage: 100, MaxHealthyPercentage: 134 };
    const input = { ...WEB, InstanceMaintenancePolicy, DefaultInstanceWarmup: 60 };
    await cloud.scaling.updateAutoScalingGroup(input);
    await cloud.later(60);
    const sick = cloud.ids();
    await sicken(sick);
    expect(cloud.ids()).to.have.length(6).and.include.members(sick);
    await cloud.later(60);
    expect(cloud.ids()).to.have.length(3).and.not.include.members(sick);
    const [gone = ''] = cloud.ids();
    await cloud.ec2.send(new TerminateInstancesCommand({ InstanceIds: [gone] }));
    await cloud.settle();
    expect(cloud.ids()).to.have.length(3).and.not.include(gone);
  });

  it('do not do what is suspended', async () => {
    await cloud.create();
    await cloud.scaling.suspendProcesses({ ...WEB, ScalingProcesses: ['Launch', 'ReplaceUnhealthy'] });
    await cloud.scaling.setDesiredCapacity({ ...WEB, DesiredCapacity: 4 });
    const [sick = ''] = cloud.ids();
    await cloud.scaling.setInstanceHealth({ InstanceId: sick, HealthStatus: 'Unhealthy' });
    await cloud.settle();
    expect(cloud.ids()).to.have.length(3).and.include(sick);
    expect((await described())[0]?.SuspendedProcesses?.map(({ ProcessName }) => ProcessName)).to.deep.equal([
      'Launch',
      'ReplaceUnhealthy',
    ]);
    await cloud.scaling.resumeProcesses(WEB);
    await cloud.settle();
    expect(cloud.ids()).to.have.length(4).and.not.include(sick);
    expect(await codeOf(cloud.scaling.suspendProcesses({ ...WEB, ScalingProcesses: ['Lunch'] }))).to.equal(
      'ValidationError',
    );
  });

  it('try again what does not launch, ever more patiently', async () => {
    await cloud.create({ DesiredCapacity: 0 });
    const { images } = cloud.state();
    cloud.server.cloud.region('us-east-1').update((state) => ({ ...state, images: {} }));
    await cloud.scaling.setDesiredCapacity({ ...WEB, DesiredCapacity: 1 });
    await cloud.settle();
    await cloud.later(1);
    await cloud.later(1);
    const failed = await activities();
    expect(failed.map(({ StatusCode }) => StatusCode)).to.deep.equal(['Failed', 'Failed']);
    expect(failed[0]?.StatusMessage).to.match(/does not exist.*Launching EC2 instance failed\.$/);
    cloud.server.cloud.region('us-east-1').update((state) => ({ ...state, images }));
    await cloud.later(60);
    expect(cloud.members()).to.deep.equal(['InService v1']);
  });

  it('take instances in, let them stand by, and let them go', async () => {
    await cloud.create({ DesiredCapacity: 1 });
    const [own = ''] = cloud.ids();
    const [other = ''] = await cloud.run(1);
    await cloud.scaling.attachInstances({ ...WEB, InstanceIds: [other] });
    await cloud.settle();
    expect(cloud.ids()).to.deep.equal([own, other]);
    expect((await described())[0]?.DesiredCapacity).to.equal(2);
    await cloud.scaling.enterStandby({ ...WEB, InstanceIds: [own], ShouldDecrementDesiredCapacity: true });
    await cloud.settle();
    expect(cloud.members()).to.deep.equal(['InService vundefined', 'Standby v1']);
    await cloud.scaling.exitStandby({ ...WEB, InstanceIds: [own] });
    await cloud.settle();
    const { Activities = [] } = await cloud.scaling.detachInstances({
      ...WEB,
      InstanceIds: [other],
      ShouldDecrementDesiredCapacity: false,
    });
    expect(Activities[0]?.Description).to.equal(`Detaching EC2 instance: ${other}`);
    await cloud.settle();
    expect(cloud.ids()).to.have.length(2).and.not.include(other);
    expect(cloud.state().instances[other]).to.deep.include({ state: 'running', tags: {} });
    const input = { InstanceId: own, ShouldDecrementDesiredCapacity: true };
    await cloud.scaling.terminateInstanceInAutoScalingGroup(input);
    await cloud.settle();
    expect(cloud.ids()).to.have.length(1).and.not.include(own);
    const { AutoScalingInstances = [] } = await cloud.scaling.describeAutoScalingInstances({});
    expect(AutoScalingInstances[0]).to.deep.include({ AutoScalingGroupName: 'web', HealthStatus: 'HEALTHY' });
  });

  it('are deleted when they are empty, or with all that they have', async () => {
    await cloud.create();
    expect(await codeOf(cloud.scaling.deleteAutoScalingGroup(WEB))).to.equal('ResourceInUseFault');
    await cloud.scaling.updateAutoScalingGroup({ ...WEB, MinSize: 0, MaxSize: 0, DesiredCapacity: 0 });
    await cloud.settle();
    await cloud.scaling.deleteAutoScalingGroup(WEB);
    expect(await described()).to.deep.equal([]);
    await cloud.create({ NewInstancesProtectedFromScaleIn: true });
    await cloud.scaling.deleteAutoScalingGroup({ ...WEB, ForceDelete: true });
    expect((await described())[0]?.Status).to.equal('Delete in progress');
    await cloud.settle();
    expect(await described()).to.deep.equal([]);
    expect(running()).to.deep.equal([]);
    expect(cloud.server.machines.disks.size).to.equal(0);
  });

  it('go on after the server was killed', async () => {
    await cloud.create({ DesiredCapacity: 0 });
    await cloud.scaling.setDesiredCapacity({ ...WEB, DesiredCapacity: 2 });
    await cloud.server.restart();
    await cloud.settle();
    expect(cloud.members()).to.deep.equal(['InService v1', 'InService v1']);
  });

  it('are part of what the sandbox says of itself', async () => {
    await cloud.create({ DesiredCapacity: 1 });
    await cloud.refresh(await cloud.version());
    await cloud.look();
    await cloud.server.cloud.store.flush();
    const { groups } = await cloudStatus(cloud.server.home);
    const shown = { name: 'web', region: 'us-east-1', desired: 1, inService: 0, template: 'web 1' };
    expect(groups).to.deep.equal([{ ...shown, refresh: 'InProgress 0%' }]);
  });

  it('are refused in the words of AWS', async () => {
    await cloud.create({ DesiredCapacity: 1 });
    const { scaling, LaunchTemplateId } = cloud;
    const plain = {
      AutoScalingGroupName: 'x',
      MinSize: 0,
      MaxSize: 1,
      AvailabilityZones: ['us-east-1a'],
      LaunchTemplate: { LaunchTemplateId },
    };
    const wrong = [
      { MinSize: 2 },
      { DesiredCapacity: 5 },
      { AvailabilityZones: [] },
      { AvailabilityZones: ['eu-west-1a'] },
      { VPCZoneIdentifier: 'subnet-0123456789abcdef0', AvailabilityZones: [] },
      { LaunchTemplate: undefined },
      { LaunchTemplate: { LaunchTemplateId, Version: '9' } },
      { LaunchTemplate: { LaunchTemplateName: 'none' } },
      { TerminationPolicies: ['Worst'] },
      { HealthCheckType: 'PULSE' },
      { TargetGroupARNs: ['arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/none/0123456789abcdef'] },
      { InstanceMaintenancePolicy: { MinHealthyPercentage: 50, MaxHealthyPercentage: 200 } },
      { AutoScalingGroupName: 'a:b' },
    ];
    for (const input of wrong) {
      expect(await codeOf(scaling.createAutoScalingGroup({ ...plain, ...input })), JSON.stringify(input)).to.equal(
        'ValidationError',
      );
    }
    expect(await codeOf(scaling.createAutoScalingGroup({ ...plain, ...WEB }))).to.equal('AlreadyExistsFault');
    const spot = { MixedInstancesPolicy: { InstancesDistribution: { SpotMaxPrice: '1' } } };
    expect(await codeOf(scaling.createAutoScalingGroup({ ...plain, ...spot }))).to.equal('UnsupportedOperation');
    expect(await codeOf(scaling.setDesiredCapacity({ ...WEB, DesiredCapacity: 11 }))).to.equal('ValidationError');
    expect(await codeOf(scaling.updateAutoScalingGroup({ AutoScalingGroupName: 'none' }))).to.equal('ValidationError');
    const honoured = scaling.setDesiredCapacity({ ...WEB, DesiredCapacity: 2, HonorCooldown: true });
    expect(await codeOf(honoured)).to.equal('ScalingActivityInProgressFault');
    expect(
      await codeOf(scaling.setInstanceHealth({ InstanceId: 'i-0123456789abcdef0', HealthStatus: 'Healthy' })),
    ).to.equal('ValidationError');
  });

  it('have tags, and are listed in pages and by tags', async () => {
    await cloud.create({ DesiredCapacity: 0 });
    await cloud.create({ AutoScalingGroupName: 'app', DesiredCapacity: 0 });
    const of = { ResourceId: 'web', ResourceType: 'auto-scaling-group' };
    await cloud.scaling.createOrUpdateTags({
      Tags: [
        { ...of, Key: 'a', Value: '1', PropagateAtLaunch: true },
        { ...of, Key: 'b', Value: '2' },
      ],
    });
    await cloud.scaling.deleteTags({ Tags: [{ ...of, Key: 'b' }] });
    const { Tags = [] } = await cloud.scaling.describeTags({
      Filters: [{ Name: 'auto-scaling-group', Values: ['web'] }],
    });
    expect(Tags).to.deep.equal([{ ...of, Key: 'a', Value: '1', PropagateAtLaunch: true }]);
    const Filters = [{ Name: 'tag:a', Values: ['1'] }];
    const { AutoScalingGroups: [found, ...none] = [] } = await cloud.scaling.describeAutoScalingGroups({ Filters });
    expect([found?.AutoScalingGroupName, none]).to.deep.equal(['web', []]);
    const page = await cloud.scaling.describeAutoScalingGroups({ MaxRecords: 1 });
    expect(page.AutoScalingGroups?.[0]?.AutoScalingGroupName).to.equal('app');
    const { AutoScalingGroups: rest = [], NextToken } = await cloud.scaling.describeAutoScalingGroups({
      NextToken: page.NextToken,
    });
    expect([rest.map(({ AutoScalingGroupName }) => AutoScalingGroupName), NextToken]).to.deep.equal([
      ['web'],
      undefined,
    ]);
  });
});
