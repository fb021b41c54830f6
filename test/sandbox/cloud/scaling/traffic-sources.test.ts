import { expect } from 'chai';
import { codeOf } from '../../../support/cloud-server.ts';
import { type ScaledCloud, startScaledCloud } from '../../../support/scaled-cloud.ts';

const WEB = { AutoScalingGroupName: 'web' };

describe('target groups of an Auto Scaling group', () => {
  let cloud: ScaledCloud;
  let arn: string;
  beforeEach(async () => {
    cloud = await startScaledCloud();
    arn = await cloud.group();
  });
  afterEach(async () => {
    expect(cloud.server.errors).to.deep.equal([]);
    await cloud.stop();
  });

  const targets = () => (cloud.state().targetGroups[arn]?.targets ?? []).map(({ id }) => id);
  /** As the checks of a load balancer find them. */
  const judge = (health: 'healthy' | 'unhealthy', id: string) =>
    cloud.server.cloud.region('us-east-1').change('targetGroups', arn, (group) => ({
      ...group,
      targets: group.targets.map((target) => (target.id === id ? { ...target, health } : target)),
    }));
  const balance = async () => cloud.listener(await cloud.balancer({ Subnets: cloud.subnets }), arn);

  it('have its instances as targets while they are in service', async () => {
    await cloud.create({ TargetGroupARNs: [arn] });
    expect(targets()).to.have.members(cloud.ids());
    const [id = ''] = cloud.ids();
    await cloud.scaling.enterStandby({ ...WEB, InstanceIds: [id], ShouldDecrementDesiredCapacity: true });
    await cloud.settle();
    expect(targets()).to.have.length(2).and.not.include(id);
    await cloud.scaling.exitStandby({ ...WEB, InstanceIds: [id] });
    await cloud.settle();
    expect(targets()).to.have.length(3).and.include(id);
    await cloud.scaling.setDesiredCapacity({ ...WEB, DesiredCapacity: 1 });
    await cloud.settle();
    expect(targets()).to.deep.equal(cloud.ids());
  });

  it('are attached to it and detached, one by one', async () => {
    await cloud.create();
    await cloud.scaling.attachLoadBalancerTargetGroups({ ...WEB, TargetGroupARNs: [arn] });
    expect(targets()).to.have.members(cloud.ids());
    const { LoadBalancerTargetGroups } = await cloud.scaling.describeLoadBalancerTargetGroups(WEB);
    expect(LoadBalancerTargetGroups).to.deep.equal([{ LoadBalancerTargetGroupARN: arn, State: 'Added' }]);
    const { TrafficSources = [] } = await cloud.scaling.describeTrafficSources(WEB);
    expect(TrafficSources[0]).to.deep.include({ Identifier: arn, State: 'Added', Type: 'elbv2' });
    const source = { ...WEB, TrafficSources: [{ Identifier: arn, Type: 'elbv2' }] };
    await cloud.scaling.detachTrafficSources(source);
    expect(targets()).to.deep.equal([]);
    expect(await codeOf(cloud.scaling.detachTrafficSources(source))).to.equal('ValidationError');
    await cloud.scaling.attachTrafficSources(source);
    expect(targets()).to.have.members(cloud.ids());
  });

  it('say who is unhealthy, after the time of grace', async () => {
    await balance();
    const input = { TargetGroupARNs: [arn], HealthCheckType: 'ELB', HealthCheckGracePeriod: 60 };
    await cloud.create({ ...input, DesiredCapacity: 2 });
    const [well = '', sick = ''] = cloud.ids();
    judge('healthy', well);
    judge('unhealthy', sick);
    await cloud.later(59);
    expect(cloud.ids()).to.include(sick);
    await cloud.later(1);
    expect(cloud.ids()).to.have.length(3).and.include(well);
    expect(cloud.members()).to.deep.equal(['InService v1', 'InService v1', 'Terminating v1']);
  });

  it('let connections end before an instance does', async () => {
    await balance();
    await cloud.create({ TargetGroupARNs: [arn], DesiredCapacity: 1 });
    const [id = ''] = cloud.ids();
    await cloud.scaling.setDesiredCapacity({ ...WEB, DesiredCapacity: 0 });
    await cloud.later(60);
    expect(cloud.members()).to.deep.equal(['Terminating v1']);
    expect(cloud.state().instances[id]?.state).to.equal('running');
    const { Activities = [] } = await cloud.scaling.describeScalingActivities(WEB);
    expect(Activities[0]?.StatusCode).to.equal('WaitingForELBConnectionDraining');
    cloud.server.cloud.region('us-east-1').change('targetGroups', arn, (group) => ({ ...group, targets: [] }));
    await cloud.settle();
    expect(cloud.ids()).to.deep.equal([]);
    expect(cloud.state().instances[id]?.state).to.equal('terminated');
  });

  it('are waited for by a refresh, where the group goes by them', async () => {
    await balance();
    await cloud.create({
      TargetGroupARNs: [arn],
      HealthCheckType: 'ELB',
      HealthCheckGracePeriod: 600,
      DesiredCapacity: 1,
    });
    const [old = ''] = cloud.ids();
    judge('healthy', old);
    const Preferences = { MinHealthyPercentage: 100, MaxHealthyPercentage: 200, InstanceWarmup: 0 };
    await cloud.refresh(await cloud.version(), { Preferences });
    await cloud.settle();
    expect(cloud.members()).to.deep.equal(['InService v1', 'InService v2']);
    judge('healthy', cloud.ids().find((id) => id !== old) ?? '');
    await cloud.settle();
    expect(cloud.members()).to.deep.equal(['InService v2', 'Terminating v1']);
    expect((await cloud.refreshed())?.Status).to.equal('Successful');
  });
});
