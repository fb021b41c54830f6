import { expect } from 'chai';
import type { FleetConfig } from '../../../src/config/fleet.ts';
import type { RolloutEvent } from '../../../src/rollout/events.ts';
import { ONE, TWO } from '../apply/plans.ts';
import { Killed } from '../apply/world.ts';
import { type GroupWorld, startGroupWorld } from './group-world.ts';

describe('rollout: a fleet that Auto Scaling keeps', function () {
  this.timeout(120_000);
  let world: GroupWorld;
  let one: FleetConfig;
  let two: FleetConfig;
  beforeEach(async () => {
    world = await startGroupWorld();
    one = world.fleet();
    two = world.fleet({ image: TWO.id });
  });
  afterEach(async () => {
    await world.stop();
    expect(world.server.errors).to.deep.equal([]);
  });

  const fleet = () => {
    const found = world.state().fleets['web'];
    if (!found) throw new Error('there is no fleet');
    return found;
  };

  it('is made with a group and a launch template, and then there is nothing to do', async () => {
    const plan = await world.plan(one);
    expect(plan.changes.map(({ action }) => action)).to.deep.equal(['create', 'create', 'create']);
    const { outcome, counts } = await world.roll(one);
    expect({ outcome, counts }).to.deep.equal({ outcome: 'good', counts: { added: 3, changed: 0, destroyed: 0 } });
    expect(world.serving()).to.have.length(3);
    expect(world.scalingGroup()).to.deep.include({
      name: 'playbake-web',
      min: 3,
      max: 4,
      desired: 3,
      healthCheck: 'ELB',
    });
    const [instance] = world.running();
    expect(instance?.tags).to.deep.include({ Name: 'web', team: 'shop', 'playbake:fleet': 'web' });
    expect(fleet().group).to.deep.include({ name: 'playbake-web', launchTemplateVersion: 1 });
    expect(Object.keys(fleet().slots)).to.deep.equal(['0', '1', '2']);
    expect(fleet().good?.image.id).to.equal(ONE.id);
    const again = await world.plan(one);
    expect(again.batches).to.deep.equal([]);
    expect(again.drift).to.deep.equal([]);
    expect(again.changes.map(({ action }) => action)).to.deep.equal(['no-op', 'no-op', 'no-op']);
  });

  it('is refreshed to a new image, and never serves with fewer', async () => {
    await world.roll(one);
    const plan = await world.plan(two);
    expect(plan.changes.map(({ action }) => action)).to.deep.equal(['replace', 'replace', 'replace']);
    expect(plan.changes[0]?.attributes).to.deep.equal([
      { name: 'image', before: ONE.id, after: TWO.id, forcesReplacement: true },
    ]);
    expect(plan.promise).to.deep.equal({ least: 3, most: 4 });
    world.watch();
    const { outcome, counts } = await world.roll(two);
    expect({ outcome, counts }).to.deep.equal({ outcome: 'good', counts: { added: 3, changed: 0, destroyed: 3 } });
    expect(world.images()).to.deep.equal([TWO.id, TWO.id, TWO.id]);
    expect(world.least()).to.equal(3);
    const [refresh] = world.refreshes();
    expect(refresh?.preferences).to.deep.include({ min: 100, max: 133, autoRollback: true });
    expect(world.scalingGroup()?.template.version).to.equal('2');
    expect(fleet().group?.launchTemplateVersion).to.equal(2);
    const ids = Object.values(fleet().slots).map(({ current }) => current?.id);
    expect(ids).to.have.members(world.running().map(({ id }) => id));
  });

  it('goes back by itself when the new image does not get healthy', async () => {
    await world.roll(one);
    world.sick.add(TWO.id);
    world.watch();
    const hasty = { ...two.strategy, progressDeadline: 3000 };
    const { outcome, fault } = await world.roll({ ...two, strategy: hasty });
    expect(outcome).to.equal('rolled-back');
    expect(fault).to.equal(undefined);
    expect(world.images()).to.deep.equal([ONE.id, ONE.id, ONE.id]);
    expect(world.least()).to.be.at.least(3);
    expect(world.refreshes().map(({ status }) => status)).to.deep.equal(['RollbackSuccessful']);
    const verdict = world.events.find(({ type }) => type === 'verdict');
    expect(verdict).to.deep.include({ next: 'rollback' });
    expect(fleet().history.at(-1)).to.deep.include({ outcome: 'rolled-back' });
    expect(fleet().good?.image.id).to.equal(ONE.id);
    expect((await world.plan(one)).batches).to.deep.equal([]);
  });

  it('goes back to an earlier release by a refresh of its own', async () => {
    await world.roll(one);
    const good = fleet().good;
    await world.roll(two);
    if (good === undefined) throw new Error('nothing was good');
    const { outcome } = await world.apply({ plan: await world.plan(two, { kind: 'release', release: good }) });
    expect(outcome).to.equal('good');
    expect(world.images()).to.deep.equal([ONE.id, ONE.id, ONE.id]);
    // The version of before is found again.
    expect(world.scalingGroup()?.template.version).to.equal('1');
  });

  it('goes on after a kill at any write and in the midst of the refresh, with one refresh for each rollout', async () => {
    await world.roll(one);
    let rollouts = 0;
    const next = () => (rollouts % 2 === 0 ? two : one);
    const isKilled = (options: Parameters<GroupWorld['roll']>[1]) =>
      world.roll(next(), options).then(
        () => false,
        (error: unknown) => error instanceof Killed,
      );
    const finish = async () => {
      if (fleet().rollout) expect((await world.goOn(next())).outcome).to.equal('good');
      const { id } = next() === two ? TWO : ONE;
      expect(world.images()).to.deep.equal([id, id, id]);
      rollouts += 1;
      expect(world.refreshes().map(({ status }) => status)).to.deep.equal(Array(rollouts).fill('Successful'));
    };
    for (let write = 1; await isKilled({ kill: { write, when: 'after' } }); write += 1) await finish();
    expect(rollouts).to.equal(4);
    await finish();
    const onEvent = (event: RolloutEvent) => {
      if (event.type === 'step-start' && event.about.step.do === 'terminate') throw new Killed();
    };
    expect(await isKilled({ onEvent })).to.equal(true);
    await finish();
  });

  it('finds its refresh again when the answer is lost', async () => {
    await world.roll(one);
    const lost = { action: 'StartInstanceRefresh', call: 1, how: 'lost', code: '', message: '', status: 500 } as const;
    await world.server.injector.set({ consistencyDelay: 0, latency: 0, failures: [lost] });
    expect((await world.roll(two)).outcome).to.equal('good');
    const answers = (await world.server.calls()).filter(({ action }) => action === 'StartInstanceRefresh');
    expect(answers.map(({ answer }) => answer)).to.deep.equal(['ok', 'InstanceRefreshInProgress']);
    expect(world.refreshes()).to.have.length(1);
  });

  it('is left to itself by Ctrl-C, and looked at again', async () => {
    await world.roll(one);
    const stop = new AbortController();
    const { outcome } = await world.roll(two, {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type === 'step-start' && event.about.step.do === 'launch') stop.abort();
      },
    });
    expect(outcome).to.equal('stopped');
    expect(fleet().rollout).to.not.equal(undefined);
    expect((await world.goOn(two)).outcome).to.equal('good');
    expect(world.refreshes()).to.have.length(1);
    expect(world.images()).to.deep.equal([TWO.id, TWO.id, TWO.id]);
  });

  it('grows, shrinks, and changes its tags without a refresh', async () => {
    await world.roll(one);
    const { outcome } = await world.roll(world.fleet({ count: 4, tags: { team: 'store' } }));
    expect(outcome).to.equal('good');
    expect(world.running()).to.have.length(4);
    for (const { tags } of world.running()) expect(tags).to.deep.include({ team: 'store' });
    const plan = await world.plan(world.fleet({ count: 2, tags: { team: 'store' } }));
    expect(plan.changes.map(({ action }) => action)).to.deep.equal(['no-op', 'no-op', 'delete', 'delete']);
    const { counts } = await world.roll(world.fleet({ count: 2, tags: { team: 'store' } }));
    expect(counts).to.deep.equal({ added: 0, changed: 0, destroyed: 2 });
    expect(world.serving()).to.have.length(2);
    expect(world.refreshes()).to.deep.equal([]);
  });

  it('pauses at checkpoints and bakes', async () => {
    await world.roll(one);
    const { strategy } = one;
    const slow = { ...strategy, checkpoints: [34], checkpointDelay: 3000, bakeTime: 15_000 };
    const { outcome } = await world.roll({ ...two, strategy: slow });
    expect(outcome).to.equal('good');
    const waits = world.events.flatMap((event) => {
      return event.type === 'step-end' && !('slot' in event.about.step) ? [event.about.step.do] : [];
    });
    expect(waits).to.deep.equal(['checkpoint', 'bake']);
    expect(world.refreshes()[0]?.preferences).to.deep.include({
      checkpoints: [34, 100],
      checkpointDelay: 3,
      bakeTime: 15,
    });
  });

  it('does not touch what somebody else refreshes, or owns', async () => {
    await world.roll(one);
    const plan = await world.plan(two);
    const scaling = world.server.scaling();
    const AutoScalingGroupName = 'playbake-web';
    await scaling.startInstanceRefresh({ AutoScalingGroupName, Preferences: { InstanceWarmup: 3600 } });
    const { outcome, fault } = await world.apply({ plan });
    expect(outcome).to.equal('stopped');
    expect(fault?.code).to.equal('rollout-open');
    await scaling.cancelInstanceRefresh({ AutoScalingGroupName, WaitForTransitioningInstances: false });
    const tag = { ResourceId: AutoScalingGroupName, ResourceType: 'auto-scaling-group', Key: 'playbake:fleet' };
    await scaling.deleteTags({ Tags: [tag] });
    scaling.destroy();
    const refused = await world.plan(two).then(
      () => '',
      (error: { code?: string }) => error.code,
    );
    expect(refused).to.equal('plan-refused');
  });

  it('says what cannot be as the fleet has it', async () => {
    const { strategy, health } = one;
    const tcp = { port: 22 };
    const http = { port: 80, path: '/', status: [200] };
    const { warnings, batches } = await world.plan({
      ...one,
      health: { ...health, http, tcp },
      strategy: { ...strategy, type: 'blue_green', pause: 1000, checkpoints: [50] },
    });
    expect(warnings.filter((text) => /Auto Scaling/.test(text))).to.have.length(4);
    const steps = batches.flatMap(({ stages }) => stages.flatMap((stage) => stage.steps.map((step) => step.do)));
    expect(steps).to.include('launch').and.not.include.members(['check']);
    const volume = { device: '/dev/xvdf', size: 1, type: undefined, iops: undefined, throughput: undefined };
    const rest = { encrypted: undefined, kmsKey: undefined, snapshot: undefined };
    const refused = await world.plan({ ...one, volumes: [{ ...volume, ...rest }] }).then(
      () => '',
      (error: Error) => error.message,
    );
    expect(refused).to.match(/no data volume moves along with instances of Auto Scaling/);
  });

  it('is destroyed with its group and its template', async () => {
    await world.roll(one);
    const { outcome, counts } = await world.apply({ plan: await world.plan(one, { kind: 'destroy' }) });
    expect({ outcome, counts }).to.deep.equal({ outcome: 'destroyed', counts: { added: 0, changed: 0, destroyed: 3 } });
    expect(world.running()).to.deep.equal([]);
    expect(world.scalingGroup()).to.equal(undefined);
    expect(world.region().state.launchTemplates).to.deep.equal({});
    expect(fleet().slots).to.deep.equal({});
  });
});
