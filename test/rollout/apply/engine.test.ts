import { expect } from 'chai';
import { fleetOf, ONE, planBackTo, planFor, planToDestroy, TWO } from './plans.ts';
import { startWorld, type World } from './world.ts';

describe('rollout: what a plan says is done', function () {
  this.timeout(120_000);
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.stop());

  const images = () =>
    world
      .running()
      .map(({ imageId }) => imageId)
      .sort();
  const first = () => world.apply({ plan: planFor({ world, rollout: 'r1', image: ONE, batches: [[0, 1, 2]] }) });
  const fleet = () => {
    const found = world.state().fleets['web'];
    if (!found) throw new Error('there is no fleet');
    return found;
  };

  it('launches a fleet and puts it into service, with tags by which it is found', async () => {
    const { outcome, counts } = await first();
    expect({ outcome, counts }).to.deep.equal({ outcome: 'good', counts: { added: 3, changed: 0, destroyed: 0 } });
    expect(world.serving()).to.have.length(3);
    const [one] = world.running();
    expect(one?.tags).to.deep.equal({
      ...{ Name: 'web-0', team: 'shop', 'playbake:fleet': 'web', 'playbake:slot': '0', 'playbake:rollout': 'r1' },
    });
    expect(fleet().good).to.deep.include({ rollout: 'r1', outcome: 'good', image: ONE });
    expect(fleet().rollout).to.equal(undefined);
    expect(fleet().slots['0']?.current).to.deep.include({ id: one?.id, inService: true });
  });

  it('replaces one after the other: the old one goes when the new one serves', async () => {
    await first();
    let least = 3;
    const { outcome, counts } = await world.apply({
      plan: planFor({ world, rollout: 'r2', image: TWO, batches: [[0], [1], [2]] }),
      onEvent: () => {
        least = Math.min(least, world.serving().length);
      },
    });
    expect({ outcome, counts }).to.deep.equal({ outcome: 'good', counts: { added: 3, changed: 0, destroyed: 3 } });
    expect(images()).to.deep.equal([TWO.id, TWO.id, TWO.id]);
    expect(world.serving()).to.have.members(world.running().map(({ id }) => id));
    expect(least).to.equal(3);
    expect(fleet().history.map(({ image, outcome: how }) => [image.name, how])).to.deep.equal([
      ['app-1', 'good'],
      ['app-2', 'good'],
    ]);
  });

  it('moves data volumes to the new instances, never attached to two', async () => {
    const data = fleetOf({
      volumes: [
        { ...{ device: '/dev/xvdf', size: 1, type: undefined, iops: undefined, throughput: undefined }, ...NO_KEY },
      ],
    });
    await world.apply({ plan: planFor({ world, rollout: 'r1', image: ONE, fleet: data, batches: [[0, 1, 2]] }) });
    const before = world.volumes().filter(({ tags }) => tags['playbake:device'] === '/dev/xvdf');
    expect(before).to.have.length(3);
    await world.apply({ plan: planFor({ world, rollout: 'r2', image: TWO, fleet: data, batches: [[0], [1], [2]] }) });
    const after = world.volumes().filter(({ tags }) => tags['playbake:device'] === '/dev/xvdf');
    expect(after.map(({ id }) => id)).to.have.members(before.map(({ id }) => id));
    const holders = after.map(({ attachment }) => attachment?.instanceId);
    expect(holders).to.have.members(world.running().map(({ id }) => id));
    for (const [slot, { current, volumes }] of Object.entries(fleet().slots)) {
      const volume = world.volumes().find(({ id }) => id === volumes['/dev/xvdf']);
      expect(volume?.attachment?.instanceId, slot).to.equal(current?.id);
    }
  });

  const NO_KEY = { encrypted: undefined, kmsKey: undefined, snapshot: undefined };

  it('goes back by itself when the new release is not healthy', async () => {
    await first();
    world.sick.add(TWO.id);
    const short = fleetOf({ health: { ...fleetOf().health, grace: 1000 } });
    const { outcome, counts } = await world.apply({
      plan: planFor({ world, rollout: 'r2', image: TWO, fleet: short, batches: [[0], [1], [2]] }),
      planBack: async () => planBackTo(world, 'r2-back', ONE, fleetOf()),
    });
    expect(outcome).to.equal('rolled-back');
    expect(counts).to.deep.equal({ added: 1, changed: 1, destroyed: 1 });
    expect(images()).to.deep.equal([ONE.id, ONE.id, ONE.id]);
    expect(world.serving()).to.have.length(3);
    expect(fleet().good?.image).to.deep.equal(ONE);
    const last = fleet().history.at(-1);
    expect(last).to.deep.include({ outcome: 'rolled-back', image: TWO });
    expect(last?.reason).to.match(/^waited 1 s for i-\w+ to be in service; it is web calls it/);
  });

  it('stays as it is where there is no release to go back to, and says so', async () => {
    world.sick.add(ONE.id);
    const short = fleetOf({ health: { ...fleetOf().health, grace: 1000 } });
    const { outcome, fault } = await world.apply({
      plan: planFor({ world, rollout: 'r1', image: ONE, fleet: short, batches: [[0, 1, 2]] }),
    });
    expect(outcome).to.equal('failed');
    expect(fault?.code).to.equal('rollout-unhealthy');
    expect(world.events.find(({ type }) => type === 'verdict')).to.deep.include({
      ...{ next: 'stay', why: 'there is no earlier release that was good' },
    });
    expect(world.running()).to.have.length(3);
    expect(fleet().rollout).to.equal(undefined);
    expect(fleet().history.at(-1)?.outcome).to.equal('failed');
  });

  it('stays as it is where the image of the good release is gone', async () => {
    await first();
    world.sick.add(TWO.id);
    world.region().remove('images', ONE.id);
    const short = fleetOf({ health: { ...fleetOf().health, grace: 1000 } });
    const { outcome } = await world.apply({
      plan: planFor({ world, rollout: 'r2', image: TWO, fleet: short, batches: [[0]] }),
    });
    expect(outcome).to.equal('failed');
    expect(world.events.find(({ type }) => type === 'verdict')).to.deep.include({
      why: `the image of the last good release, ${ONE.id}, is gone`,
    });
    expect(world.serving().length).to.be.at.least(3);
  });

  it('finds an instance bad that stops being healthy while it bakes', async () => {
    await first();
    const plan = planFor({
      world,
      rollout: 'r2',
      image: TWO,
      batches: [[0], [1], [2]],
      end: [{ do: 'bake', time: 60_000 }],
    });
    const { outcome } = await world.apply({
      plan,
      planBack: async () => planBackTo(world, 'r2-back', ONE, fleetOf()),
      onEvent: (event) => {
        if (event.type === 'step-start' && event.about.step.do === 'bake') world.sick.add(world.running()[0]?.id ?? '');
      },
    });
    expect(outcome).to.equal('rolled-back');
    expect(images()).to.deep.equal([ONE.id, ONE.id, ONE.id]);
    expect(fleet().history.at(-1)?.reason).to.match(/does not stay healthy: web calls it unhealthy/);
  });

  it('waits at a checkpoint until it is told to go on', async () => {
    await first();
    const between = [{ do: 'checkpoint', percent: 33, time: undefined }] as const;
    const plan = planFor({ world, rollout: 'r2', image: TWO, batches: [[0], [1, 2]], between });
    expect((await world.apply({ plan })).outcome).to.equal('waiting');
    expect(images()).to.deep.equal([ONE.id, ONE.id, TWO.id]);
    expect((await world.apply()).outcome).to.equal('good');
    expect(images()).to.deep.equal([TWO.id, TWO.id, TWO.id]);
  });

  it('goes back from a checkpoint when the user wants that', async () => {
    await first();
    const between = [{ do: 'checkpoint', percent: 33, time: undefined }] as const;
    await world.apply({ plan: planFor({ world, rollout: 'r2', image: TWO, batches: [[0], [1, 2]], between }) });
    const plan = planBackTo(world, 'r3', ONE, fleetOf());
    const { outcome } = await world.apply({ plan, direction: 'back' });
    expect(outcome).to.equal('rolled-back');
    expect(images()).to.deep.equal([ONE.id, ONE.id, ONE.id]);
    expect(fleet().good?.rollout).to.equal('r1');
    expect(fleet().history.at(-1)).to.deep.include({ rollout: 'r2', outcome: 'rolled-back', image: TWO });
  });

  it('finishes what it is doing when it is told to stop, and goes on later', async () => {
    await first();
    const stop = new AbortController();
    const { outcome } = await world.apply({
      plan: planFor({ world, rollout: 'r2', image: TWO, batches: [[0], [1], [2]] }),
      signal: stop.signal,
      onEvent: (event) => event.type === 'step-start' && event.about.step.do === 'launch' && stop.abort(),
    });
    expect(outcome).to.equal('stopped');
    expect(fleet().slots['0']?.current?.id).to.match(/^i-/);
    expect((await world.apply()).outcome).to.equal('good');
    expect(images()).to.deep.equal([TWO.id, TWO.id, TWO.id]);
  });

  it('gives up when nothing is done for as long as the deadline says', async () => {
    await first();
    world.sick.add(TWO.id);
    const slow = fleetOf({ strategy: { ...fleetOf().strategy, progressDeadline: 300 } });
    const { outcome } = await world.apply({
      plan: planFor({ world, rollout: 'r2', image: TWO, fleet: slow, batches: [[0]] }),
      planBack: async () => planBackTo(world, 'r2-back', ONE, fleetOf()),
    });
    expect(outcome).to.equal('rolled-back');
    expect(fleet().history.at(-1)?.reason).to.match(/^no step was done for/);
  });

  it('destroys all, and remembers that', async () => {
    await first();
    const { outcome, counts } = await world.apply({ plan: planToDestroy(world, 'r2') });
    expect({ outcome, counts }).to.deep.equal({ outcome: 'destroyed', counts: { added: 0, changed: 0, destroyed: 3 } });
    expect(world.running()).to.deep.equal([]);
    expect(world.targets()).to.deep.equal([]);
    expect(fleet()).to.not.have.property('good');
    expect(fleet().slots).to.deep.equal({});
  });

  it('stops at once when a call is not allowed, says which, and goes on when it is', async () => {
    await first();
    const plan = planFor({ world, rollout: 'r2', image: TWO, batches: [[0], [1], [2]] });
    await world.server.injector.set({
      ...{ consistencyDelay: 0, latency: 0 },
      failures: [
        {
          action: 'TerminateInstances',
          how: 'error',
          code: 'UnauthorizedOperation',
          message: 'You are not authorized.',
          status: 403,
        },
      ],
    });
    const { outcome, fault } = await world.apply({ plan });
    expect(outcome).to.equal('stopped');
    expect(fault).to.include({
      code: 'cloud-denied',
      message: 'TerminateInstances is not allowed: You are not authorized.',
    });
    expect(fleet().rollout?.failure).to.deep.include({ step: 'terminate old 0' });
    await world.server.injector.set({ consistencyDelay: 0, latency: 0, failures: [] });
    expect((await world.apply()).outcome).to.equal('good');
    expect(images()).to.deep.equal([TWO.id, TWO.id, TWO.id]);
  });
});
