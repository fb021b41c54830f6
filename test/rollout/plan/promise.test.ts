/**
 * Random fleets, strategies and mishaps: whatever plan is made is carried out step for step, ended after each of them, and gone
 * back from, in a cloud of its own that knows nothing of how plans are proved.
 */

import { expect } from 'chai';
import { Fault } from '../../../src/fault.ts';
import type { Goal } from '../../../src/rollout/plan/goal.ts';
import type { FleetPlan, Step } from '../../../src/rollout/plan/plan.ts';
import { Random } from '../support/random.ts';
import { fleetOf, World, withVolumes } from '../support/world.ts';

/** Of plans that are refused; any other reason would be a mistake of scheduling. */
const REASONABLE = /a data volume lets go|nothing can be replaced|there would be no way back/;

const SEEDS = Number(process.env['SEEDS'] ?? 40);

describe('a plan that was made keeps its promise', () => {
  it(`in ${SEEDS} random fleets, after each step that fails, and whatever dies then`, function () {
    this.timeout(120_000);
    const seen = { plans: 0, refused: 0, ends: 0, backs: 0 };
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      try {
        tryFleet(new Random(seed), seen);
      } catch (error) {
        throw new Error(`seed ${seed}: ${error instanceof Error ? error.stack : error}`);
      }
    }
    // The generator reaches what it is meant to reach.
    expect(seen.plans).to.be.greaterThan(SEEDS / 2);
    expect(seen.refused).to.be.greaterThan(0);
    expect(seen.backs).to.be.greaterThan(SEEDS);
  });
});

function tryFleet(random: Random, seen: { plans: number; refused: number; ends: number; backs: number }): void {
  const world = randomWorld(random);
  const plan = planned(world);
  if (plan === undefined) {
    seen.refused += 1;
    return;
  }
  seen.plans += 1;
  const steps = shuffledSteps(plan, random);
  for (const step of [undefined, ...steps]) {
    if (step !== undefined) world.step(step, plan);
    keeps(world, plan.promise, 0, `after ${step?.do}`);
    // What is not in service by itself is told, and stays so.
    if (plan.to === undefined || !random.chance(0.5)) continue;
    seen.ends += 1;
    for (const loss of [0, 1]) {
      const ended = world.copy();
      if (loss === 1 && !lose(ended, random)) continue;
      if (world.good !== undefined && world.fleet.strategy.autoRollback) {
        seen.backs += 1;
        goBack(ended.copy(), plan, loss, random);
      }
      goOn(ended, random);
    }
  }
  isDone(world, `in the end of ${JSON.stringify(plan.batches)}`);
}

/** The way back, from wherever it was: by the promise of the plan that failed. */
function goBack(world: World, failed: FleetPlan, loss: number, random: Random): void {
  const goal: Goal = { kind: 'release', release: world.good! };
  const back = world.plan(goal);
  for (const step of shuffledSteps(back, random)) {
    world.step(step, back);
    keeps(world, failed.promise, loss, `on the way back after ${step.do}`);
  }
  const left = world.plan(goal);
  expect(left.batches, 'after the way back').to.deep.equal([]);
}

/** A new plan from there, by its own promise. */
function goOn(world: World, random: Random): void {
  const plan = planned(world);
  if (plan === undefined) return;
  for (const step of shuffledSteps(plan, random)) {
    world.step(step, plan);
    keeps(world, plan.promise, 0, `going on after ${step.do}`);
  }
  isDone(world, 'after going on');
}

function keeps(world: World, promise: FleetPlan['promise'], loss: number, when: string): void {
  if (world.served() < promise.least - loss) throw new Error(`${world.served()} of ${promise.least} serve ${when}`);
  if (world.machines.size > promise.most) throw new Error(`${world.machines.size} are there ${when}`);
}

function isDone(world: World, when: string): void {
  const { batches } = world.plan();
  expect(batches, when).to.deep.equal([]);
  for (const [index, { current, deposed }] of Object.entries(world.slots)) {
    expect(deposed, `${index} ${when}`).to.deep.equal([]);
    if (Number(index) < world.fleet.count) expect(current?.id, `${index} ${when}`).to.be.a('string');
  }
}

/** Undefined: the plan is refused, and says so. */
function planned(world: World): FleetPlan | undefined {
  try {
    return world.plan();
  } catch (error) {
    if (error instanceof Fault && error.code === 'plan-refused' && REASONABLE.test(error.message)) return undefined;
    throw error;
  }
}

/** The steps of a stage go on at the same time: any may be the first to end. */
function shuffledSteps(plan: FleetPlan, random: Random): readonly Step[] {
  return plan.batches.flatMap(({ stages }) => stages.flatMap(({ steps }) => random.shuffled(steps)));
}

function randomWorld(random: Random): World {
  const count = random.whole(1, 6);
  const strategy = {
    type: random.one(['rolling', 'rolling', 'canary', 'blue_green'] as const),
    ...random.one([
      { maxSurge: 1, maxUnavailable: 0 },
      { maxSurge: 0, maxUnavailable: 1 },
      { maxSurge: random.whole(1, 4), maxUnavailable: random.whole(0, 3) },
      { maxSurge: '25%', maxUnavailable: '50%' },
    ] as const),
    canary: random.whole(1, count),
    checkpoints: random.one([[], [50, 100], [20, 60, 100]]),
    bakeTime: random.one([0, 1000]),
    autoRollback: random.chance(0.9),
  };
  const more = {
    ...(random.chance(0.3) ? withVolumes : {}),
    ...(random.chance(0.2) ? { targetGroups: [] } : {}),
  };
  const world = random.chance(0.1)
    ? new World(fleetOf(count, more, strategy))
    : World.running(fleetOf(count, more, strategy));
  if (random.chance(0.2)) world.good = undefined;
  if (random.chance(0.8)) world.bake('ami-2');
  if (random.chance(0.2)) world.fleet = { ...world.fleet, tags: { Team: 'web' } };
  if (random.chance(0.2)) world.fleet = { ...world.fleet, count: random.whole(1, 8) };
  while (random.chance(0.25)) mishap(world, random);
  return world;
}

/** What may have happened before somebody plans. */
function mishap(world: World, random: Random): void {
  const [id, machine] = random.one([...world.machines]) ?? [];
  if (id === undefined || machine === undefined) return;
  const hasGroup = world.fleet.targetGroups.length > 0;
  const kinds = ['kill', 'stop', 'tag', 'type', ...(hasGroup ? ['deregister', 'ill'] : [])];
  switch (random.one(kinds)) {
    case 'kill':
      world.kill(id);
      return;
    case 'stop':
      machine.seen = { ...machine.seen, state: 'stopped' };
      if (hasGroup) machine.target = 'unused';
      return;
    case 'tag':
      machine.seen = { ...machine.seen, tags: { By: 'hand' } };
      return;
    case 'type':
      machine.seen = { ...machine.seen, instanceType: 't3.large' };
      return;
    case 'deregister':
      machine.target = undefined;
      return;
    default:
      machine.target = 'unhealthy';
  }
}

/** One that serves dies. */
function lose(world: World, random: Random): boolean {
  const serving = Object.values(world.slots).flatMap(({ current, deposed }) =>
    [current, ...deposed].flatMap((one) => (one?.id !== undefined && one.inService ? [one.id] : [])),
  );
  const there = serving.filter((id) => world.machines.has(id));
  if (there.length === 0) return false;
  world.kill(random.one(there));
  return true;
}
