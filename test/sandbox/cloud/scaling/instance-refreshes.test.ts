import type { RefreshPreferences } from '@aws-sdk/client-auto-scaling';
import { expect } from 'chai';
import { codeOf } from '../../../support/cloud-server.ts';
import { type ScaledCloud, startScaledCloud } from '../../../support/scaled-cloud.ts';

const WEB = { AutoScalingGroupName: 'web' };

/** Launches one before it ends one. */
const CAREFUL: RefreshPreferences = { MinHealthyPercentage: 100, MaxHealthyPercentage: 134, InstanceWarmup: 60 };

describe('instance refreshes', () => {
  let cloud: ScaledCloud;
  beforeEach(async () => {
    cloud = await startScaledCloud();
  });
  afterEach(async () => {
    expect(cloud.server.errors).to.deep.equal([]);
    await cloud.stop();
  });

  const running = () => Object.values(cloud.state().instances).filter(({ state }) => state === 'running').length;
  const progress = async () => {
    const { Status, PercentageComplete, InstancesToUpdate } = (await cloud.refreshed()) ?? {};
    return `${Status} ${PercentageComplete} ${InstancesToUpdate}`;
  };
  const template = () => cloud.record()?.template.version;

  it('launch before they end anything, where there may be more than the group has', async () => {
    await cloud.create();
    const id = await cloud.refresh(await cloud.version(), { Preferences: CAREFUL });
    expect(await progress()).to.equal('Pending undefined undefined');
    await cloud.settle();
    expect(cloud.members()).to.deep.equal(['InService v1', 'InService v1', 'InService v1', 'InService v2']);
    expect(await progress()).to.equal('InProgress 0 3');
    expect((await cloud.refreshed())?.StatusReason).to.match(
      /^Waiting for instances to warm up.*i-[0-9a-f]{17} is warming up\.$/,
    );
    expect(template()).to.equal('1');
    const seen = [];
    for (let round = 0; round < 3; round += 1) {
      await cloud.later(60);
      seen.push(
        `${await progress()}: ${cloud
          .members()
          .map((member) => member.slice(-2))
          .join(' ')}`,
      );
    }
    expect(seen).to.deep.equal([
      'InProgress 33 2: v1 v1 v2 v2',
      'InProgress 66 1: v1 v2 v2 v2',
      'Successful 100 0: v2 v2 v2',
    ]);
    expect((await cloud.refreshed())?.InstanceRefreshId).to.equal(id);
    expect(template()).to.equal('2');
    expect(running()).to.equal(3);
  });

  it('never fall below what must stay ready', async () => {
    await cloud.create({ DesiredCapacity: 4 });
    await cloud.refresh(await cloud.version(), { Preferences: { MinHealthyPercentage: 50, InstanceWarmup: 60 } });
    await cloud.settle();
    expect(cloud.members()).to.deep.equal(['InService v1', 'InService v1', 'InService v2', 'InService v2']);
    await cloud.later(59);
    expect(await progress()).to.equal('InProgress 0 4');
    await cloud.later(1);
    expect(await progress()).to.equal('InProgress 50 2');
    await cloud.later(60);
    expect(await progress()).to.equal('Successful 100 0');
  });

  it('replace one at a time when everything shall stay ready and nothing more may be launched', async () => {
    await cloud.create({ DesiredCapacity: 2 });
    await cloud.refresh(undefined, { Preferences: { MinHealthyPercentage: 100, InstanceWarmup: 60 } });
    const before = cloud.ids();
    await cloud.settle();
    expect(cloud.ids().filter((id) => before.includes(id))).to.have.length(1);
    await cloud.later(60);
    await cloud.later(60);
    expect(cloud.ids().filter((id) => before.includes(id))).to.have.length(0);
    expect(await progress()).to.equal('Successful 100 0');
    expect(template()).to.equal('1');
  });

  it('pause at checkpoints, bake, and skip what matches', async () => {
    await cloud.create({ DesiredCapacity: 2 });
    const version = await cloud.version();
    const LaunchTemplate = { LaunchTemplateId: cloud.LaunchTemplateId, Version: version };
    await cloud.scaling.updateAutoScalingGroup({ ...WEB, LaunchTemplate, DesiredCapacity: 3 });
    await cloud.settle();
    const Preferences = {
      ...CAREFUL,
      ...{ SkipMatching: true, CheckpointPercentages: [50, 100], CheckpointDelay: 600, BakeTime: 300 },
    };
    await cloud.refresh(version, { Preferences });
    await cloud.settle();
    await cloud.later(60);
    expect(await progress()).to.equal('InProgress 50 1');
    expect((await cloud.refreshed())?.StatusReason).to.match(/^Checkpoint reached: 50%/);
    await cloud.later(599);
    expect(cloud.members()).to.deep.equal(['InService v1', 'InService v2', 'InService v2']);
    await cloud.later(1);
    expect(cloud.members()).to.deep.equal(['InService v1', 'InService v2', 'InService v2', 'InService v2']);
    await cloud.later(60);
    expect(await progress()).to.equal('Baking 100 0');
    await cloud.later(299);
    expect(await progress()).to.equal('Baking 100 0');
    await cloud.later(1);
    expect(await progress()).to.equal('Successful 100 0');
    await cloud.refresh(version, { Preferences: { SkipMatching: true } });
    const before = cloud.ids();
    await cloud.settle();
    expect(await progress()).to.equal('Successful 100 0');
    expect(cloud.ids()).to.deep.equal(before);
  });

  it('are rolled back by the user, to what the group had', async () => {
    await cloud.create();
    const version = await cloud.version();
    const id = await cloud.refresh(version, { Preferences: CAREFUL });
    await cloud.settle();
    await cloud.later(60);
    expect(await progress()).to.equal('InProgress 33 2');
    expect((await cloud.scaling.rollbackInstanceRefresh(WEB)).InstanceRefreshId).to.equal(id);
    await cloud.settle();
    expect(await progress()).to.equal('RollbackInProgress 33 2');
    for (let round = 0; round < 3; round += 1) await cloud.later(60);
    expect(await progress()).to.equal('RollbackSuccessful 0 2');
    expect(cloud.members()).to.deep.equal(['InService v1', 'InService v1', 'InService v1']);
    expect(template()).to.equal('1');
    const { RollbackDetails } = (await cloud.refreshed()) ?? {};
    expect(RollbackDetails).to.deep.include({ PercentageCompleteOnRollback: 33, InstancesToUpdateOnRollback: 2 });
    await cloud.refresh(undefined, { Preferences: CAREFUL });
    expect(await codeOf(cloud.scaling.rollbackInstanceRefresh(WEB))).to.equal('IrreversibleInstanceRefreshFault');
  });

  it('fail when nothing can be launched, and go back where that was asked for', async () => {
    await cloud.create();
    const [image] = Object.values(cloud.state().images);
    if (image === undefined) throw new Error('there is no image');
    const copy = { ...image, id: 'ami-0123456789abcdef0' };
    const region = cloud.server.cloud.region('us-east-1');
    region.put('images', copy);
    const version = await cloud.version({ ImageId: copy.id });
    await cloud.refresh(version, { Preferences: { ...CAREFUL, AutoRollback: true } });
    region.remove('images', copy.id);
    for (let round = 0; round < 3; round += 1) await cloud.later(10);
    expect(await progress()).to.equal('RollbackSuccessful 0 3');
    expect((await cloud.refreshed())?.RollbackDetails?.RollbackReason).to.match(
      /^Auto rollback: Launching instances failed 3 times\..*does not exist/,
    );
    expect(cloud.members()).to.deep.equal(['InService v1', 'InService v1', 'InService v1']);
  });

  it('fail after an hour without progress, and say what they waited for', async () => {
    await cloud.create({ DesiredCapacity: 2 });
    await cloud.scaling.setInstanceProtection({ ...WEB, InstanceIds: cloud.ids(), ProtectedFromScaleIn: true });
    await cloud.refresh(await cloud.version(), { Preferences: CAREFUL });
    await cloud.settle();
    expect((await cloud.refreshed())?.StatusReason).to.equal(
      'Waiting for 2 instances that stand by or are protected from scale in.',
    );
    await cloud.later(3660);
    expect(await progress()).to.equal('Failed 0 2');
    expect((await cloud.refreshed())?.StatusReason).to.match(
      /no progress for an hour\. 2 instances stand by or are protected/,
    );
    expect(cloud.members()).to.deep.equal(['InService v1', 'InService v1']);
    await cloud.refresh(await cloud.version(), { Preferences: { ...CAREFUL, ScaleInProtectedInstances: 'Refresh' } });
    await cloud.settle();
    for (let round = 0; round < 3; round += 1) await cloud.later(60);
    expect(await progress()).to.equal('Successful 100 0');
    expect(cloud.members()).to.deep.equal(['InService v3', 'InService v3']);
  });

  it('are cancelled where they stand', async () => {
    await cloud.create();
    await cloud.refresh(await cloud.version(), { Preferences: CAREFUL });
    await cloud.settle();
    await cloud.later(60);
    await cloud.scaling.cancelInstanceRefresh(WEB);
    expect(await progress()).to.equal('Cancelling 33 2');
    await cloud.settle();
    expect(await progress()).to.equal('Cancelled 33 2');
    expect(cloud.members()).to.have.length(3).and.include('InService v2');
    expect(template()).to.equal('1');
    expect(await codeOf(cloud.scaling.cancelInstanceRefresh(WEB))).to.equal('ActiveInstanceRefreshNotFoundFault');
  });

  it('go on after the server was killed', async () => {
    await cloud.create();
    await cloud.refresh(await cloud.version(), { Preferences: CAREFUL });
    await cloud.settle();
    await cloud.server.restart();
    for (let round = 0; round < 3; round += 1) await cloud.later(60);
    const [refresh] = Object.values(cloud.state().instanceRefreshes);
    expect(refresh?.status).to.equal('Successful');
    expect(cloud.members()).to.deep.equal(['InService v2', 'InService v2', 'InService v2']);
  });

  it('are refused in the words of AWS', async () => {
    await cloud.create();
    const version = await cloud.version();
    const wrong: readonly RefreshPreferences[] = [
      { MinHealthyPercentage: 101 },
      { MaxHealthyPercentage: 110 },
      { MinHealthyPercentage: 50, MaxHealthyPercentage: 160 },
      { CheckpointPercentages: [50, 20] },
      { CheckpointDelay: 60 },
      { BakeTime: -1 },
    ];
    for (const Preferences of wrong) {
      expect(await codeOf(cloud.refresh(version, { Preferences })), JSON.stringify(Preferences)).to.equal(
        'ValidationError',
      );
    }
    const alarms = { AlarmSpecification: { Alarms: ['too hot'] } };
    expect(await codeOf(cloud.refresh(version, { Preferences: alarms }))).to.equal('UnsupportedOperation');
    for (const given of ['$Latest', '$Default', undefined]) {
      expect(await codeOf(cloud.refresh(given, { Preferences: { AutoRollback: true } }))).to.equal('ValidationError');
    }
    expect(await codeOf(cloud.refresh('9'))).to.equal('ValidationError');
    expect(await codeOf(cloud.scaling.rollbackInstanceRefresh(WEB))).to.equal('ActiveInstanceRefreshNotFoundFault');
    await cloud.refresh(version);
    expect(await codeOf(cloud.refresh(version))).to.equal('InstanceRefreshInProgressFault');
    const LaunchTemplate = { LaunchTemplateId: cloud.LaunchTemplateId, Version: '1' };
    expect(await codeOf(cloud.scaling.updateAutoScalingGroup({ ...WEB, LaunchTemplate }))).to.equal('ValidationError');
  });
});
