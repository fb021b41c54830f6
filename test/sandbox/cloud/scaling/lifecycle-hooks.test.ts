import { expect } from 'chai';
import { codeOf } from '../../../support/cloud-server.ts';
import { type ScaledCloud, startScaledCloud } from '../../../support/scaled-cloud.ts';

const WEB = { AutoScalingGroupName: 'web' };
const LAUNCHING = 'autoscaling:EC2_INSTANCE_LAUNCHING';
const TERMINATING = 'autoscaling:EC2_INSTANCE_TERMINATING';

describe('lifecycle hooks', () => {
  let cloud: ScaledCloud;
  beforeEach(async () => {
    cloud = await startScaledCloud();
  });
  afterEach(async () => {
    expect(cloud.server.errors).to.deep.equal([]);
    await cloud.stop();
  });

  const hook = (LifecycleTransition: string, more = {}) => ({
    ...{ ...WEB, LifecycleHookName: 'ready', LifecycleTransition, HeartbeatTimeout: 60 },
    ...more,
  });
  const complete = (InstanceId: string, LifecycleActionResult = 'CONTINUE') =>
    cloud.scaling.completeLifecycleAction({ ...WEB, LifecycleHookName: 'ready', InstanceId, LifecycleActionResult });
  const statuses = async () => {
    const { Activities = [] } = await cloud.scaling.describeScalingActivities(WEB);
    return Activities.map(({ StatusCode }) => StatusCode);
  };

  it('hold an instance back until it is said to be ready', async () => {
    await cloud.create({ DesiredCapacity: 0 });
    await cloud.scaling.putLifecycleHook(hook(LAUNCHING));
    const { LifecycleHooks = [] } = await cloud.scaling.describeLifecycleHooks(WEB);
    expect(LifecycleHooks[0]).to.deep.include({ DefaultResult: 'ABANDON', HeartbeatTimeout: 60, GlobalTimeout: 6000 });
    await cloud.scaling.setDesiredCapacity({ ...WEB, DesiredCapacity: 1 });
    await cloud.settle();
    expect(cloud.members()).to.deep.equal(['Pending:Wait v1']);
    expect(await statuses()).to.deep.equal(['MidLifecycleAction']);
    const [id = ''] = cloud.ids();
    await cloud.later(59);
    await cloud.scaling.recordLifecycleActionHeartbeat({ ...WEB, LifecycleHookName: 'ready', InstanceId: id });
    await cloud.later(59);
    expect(cloud.members()).to.deep.equal(['Pending:Wait v1']);
    await complete(id);
    await cloud.settle();
    expect(cloud.members()).to.deep.equal(['InService v1']);
    expect(await statuses()).to.deep.equal(['Successful']);
    expect(await codeOf(complete(id))).to.equal('ValidationError');
  });

  it('let what nobody answers for be replaced, or go on, by default', async () => {
    const { AutoScalingGroupName: _, ...said } = hook(LAUNCHING);
    await cloud.create({ DesiredCapacity: 1, LifecycleHookSpecificationList: [said] });
    const [id = ''] = cloud.ids();
    await cloud.later(60);
    expect(cloud.ids()).not.to.include(id);
    expect(await statuses()).to.deep.equal(['Successful', 'Cancelled']);
    await cloud.later(1);
    expect(cloud.members()).to.deep.equal(['Pending:Wait v1']);
    await cloud.scaling.putLifecycleHook(hook(LAUNCHING, { DefaultResult: 'CONTINUE' }));
    await cloud.later(60);
    expect(cloud.members()).to.deep.equal(['InService v1']);
  });

  it('keep an instance that ends, while another takes its place', async () => {
    await cloud.create({ DesiredCapacity: 1 });
    await cloud.scaling.putLifecycleHook(hook(TERMINATING));
    const [id = ''] = cloud.ids();
    await cloud.scaling.setInstanceHealth({ InstanceId: id, HealthStatus: 'Unhealthy' });
    await cloud.settle();
    expect(cloud.members()).to.deep.equal(['InService v1', 'Terminating:Wait v1']);
    expect(cloud.state().instances[id]?.state).to.equal('running');
    await complete(id, 'ABANDON');
    await cloud.settle();
    expect(cloud.members()).to.deep.equal(['InService v1']);
    expect(cloud.state().instances[id]?.state).to.equal('terminated');
  });

  it('are waited for no longer when they are deleted', async () => {
    await cloud.create({ DesiredCapacity: 0 });
    await cloud.scaling.putLifecycleHook(hook(LAUNCHING));
    await cloud.scaling.setDesiredCapacity({ ...WEB, DesiredCapacity: 1 });
    await cloud.settle();
    await cloud.scaling.deleteLifecycleHook({ ...WEB, LifecycleHookName: 'ready' });
    await cloud.settle();
    expect(cloud.members()).to.deep.equal(['InService v1']);
    expect(await codeOf(cloud.scaling.deleteLifecycleHook({ ...WEB, LifecycleHookName: 'ready' }))).to.equal(
      'ValidationError',
    );
    expect(await codeOf(cloud.scaling.putLifecycleHook(hook(LAUNCHING, { HeartbeatTimeout: 1 })))).to.equal(
      'ValidationError',
    );
    expect(await codeOf(cloud.scaling.putLifecycleHook(hook('autoscaling:NEVER')))).to.equal('ValidationError');
  });
});
