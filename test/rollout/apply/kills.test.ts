/**
 * Rollouts that are killed, and calls that fail, at any point: done again they end as they should. Takes some points of each;
 * with EVERY_POINT=1 every one.
 */

import { env } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { FleetConfig } from '../../../src/config/fleet.ts';
import type { FleetPlan } from '../../../src/rollout/plan/plan.ts';
import type { Failure } from '../../../src/sandbox/cloud/injections.ts';
import { fleetOf, ONE, planBackTo, planFor, planToDestroy, TWO } from './plans.ts';
import { type ApplyOptions, Killed, startWorld, type World } from './world.ts';

interface Case {
  readonly name: string;
  readonly fleet: FleetConfig;
  /** The second release proves to be bad. */
  readonly bad?: true;
  readonly plan: (world: World, fleet: FleetConfig) => FleetPlan;
  /** Images of what runs in the end. */
  readonly ends: readonly string[];
  /** Instances that are launched for it, in all. */
  readonly launched: number;
  /** The fewest that may serve. */
  readonly least: number;
}

const NOTHING = {
  encrypted: undefined,
  kmsKey: undefined,
  snapshot: undefined,
  iops: undefined,
  throughput: undefined,
};
const DATA = fleetOf({ volumes: [{ device: '/dev/xvdf', size: 1, type: undefined, ...NOTHING }] });
/** What is sick is found out soon; the way back may take its time. */
const SHORT = fleetOf({ health: { ...fleetOf().health, grace: 400 } });
const ALL = [TWO.id, TWO.id, TWO.id];

const to =
  (batches: readonly (readonly number[])[], rest: Partial<Parameters<typeof planFor>[0]> = {}) =>
  (world: World, fleet: FleetConfig) =>
    planFor({ world, rollout: 'r2', image: TWO, fleet, batches, ...rest });

const CASES: readonly Case[] = [
  { name: 'a rolling one', fleet: fleetOf(), plan: to([[0], [1], [2]]), ends: ALL, launched: 3, least: 3 },
  {
    name: 'a blue/green one',
    fleet: fleetOf(),
    plan: to([[0, 1, 2]], { end: [{ do: 'bake', time: 30 }] }),
    ...{ ends: ALL, launched: 3, least: 3 },
  },
  {
    name: 'a canary',
    fleet: fleetOf(),
    plan: to([[0], [1, 2]], { between: [{ do: 'checkpoint', percent: 33, time: 30 }] }),
    ...{ ends: ALL, launched: 3, least: 3 },
  },
  { name: 'one with data volumes', fleet: DATA, plan: to([[0], [1, 2]]), ends: ALL, launched: 3, least: 1 },
  {
    name: 'one that goes back',
    fleet: SHORT,
    bad: true,
    plan: to([[0], [1, 2]]),
    ...{ ends: [ONE.id, ONE.id, ONE.id], launched: 1, least: 3 },
  },
  {
    name: 'one that destroys all',
    fleet: fleetOf(),
    plan: (world) => planToDestroy(world, 'r2'),
    ...{ ends: [], launched: 0, least: 0 },
  },
];

describe('rollout: killed or refused at any point', function () {
  this.timeout(3_600_000);

  const open = new Set<World>();
  afterEach(async () => {
    for (const world of open) await close(world);
  });
  async function close(world: World): Promise<void> {
    if (open.delete(world)) await world.stop();
  }

  /** A fleet of the first release. */
  async function begun({ fleet, bad }: Case): Promise<World> {
    const world = await startWorld();
    open.add(world);
    const patient = bad ? fleetOf() : fleet;
    await world.apply({ plan: planFor({ world, rollout: 'r1', image: ONE, fleet: patient, batches: [[0, 1, 2]] }) });
    if (bad) world.sick.add(TWO.id);
    world.watch();
    return world;
  }

  /** One run of a process, begun or resumed. Gives whether it was killed. */
  async function run(one: Case, world: World, options: ApplyOptions = {}) {
    const isUnderWay = world.state().fleets['web']?.rollout !== undefined;
    const planBack = async () => planBackTo(world, 'r2-back', ONE, one.bad ? fleetOf() : one.fleet);
    try {
      return await world.apply({ ...(!isUnderWay && { plan: one.plan(world, one.fleet) }), planBack, ...options });
    } catch (error) {
      if (error instanceof Killed) return 'killed';
      throw error;
    }
  }

  async function check(one: Case, world: World, told: string): Promise<void> {
    await world.server.cloud.idle();
    const running = world.running();
    const fleet = world.state().fleets['web'];
    expect(running.map(({ imageId }) => imageId).sort(), told).to.deep.equal(one.ends);
    expect(world.serving(), told).to.have.members(running.map(({ id }) => id));
    expect(fleet?.rollout, told).to.equal(undefined);
    const slots = Object.values(fleet?.slots ?? {});
    expect(
      slots.flatMap(({ deposed }) => deposed),
      told,
    ).to.deep.equal([]);
    expect(
      slots.flatMap(({ current }) => current?.id ?? []),
      told,
    ).to.have.members(running.map(({ id }) => id));
    const tokens = Object.values(world.region().state.instances).filter(
      ({ tags }) => tags['playbake:rollout'] !== 'r1',
    );
    expect(tokens, `${told}: launched`).to.have.length(one.launched);
    expect(world.least(), `${told}: in service`).to.be.at.least(one.least);
    const data = world.volumes().filter(({ tags }) => tags['playbake:device'] !== undefined);
    expect(data, told).to.have.length(one.fleet.volumes.length * 3);
    for (const { attachment } of data) {
      expect(
        running.map(({ id }) => id),
        told,
      ).to.include(attachment?.instanceId);
    }
  }

  /** Numbers from 1 to `last`: all, or so many of them. */
  function points(last: number, some: number): readonly number[] {
    const all = Array.from({ length: last }, (_, index) => index + 1);
    const stride = Math.max(1, Math.floor(last / some));
    return env['EVERY_POINT'] === '1' ? all : all.filter((number) => number % stride === Math.floor(stride / 2));
  }

  /** Several worlds at a time: they wait most of the time. */
  async function each<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
    const rest = [...all];
    const worker = async () => {
      for (let one = rest.shift(); one !== undefined; one = rest.shift()) await work(one);
    };
    await Promise.all(Array.from({ length: 4 }, worker));
  }

  for (const one of CASES) {
    it(`${one.name} ends well, wherever it was killed`, async () => {
      const probe = await begun(one);
      const whole = await run(one, probe);
      if (whole === 'killed') throw new Error('nobody killed it');
      await check(one, probe, 'not killed');
      await close(probe);
      let killed = 0;
      const ways = env['EVERY_POINT'] === '1' ? (['before', 'after'] as const) : (['after'] as const);
      const kills = points(whole.writes, 2).flatMap((write) => ways.map((when) => ({ write, when })));
      await each(kills, async (kill) => {
        const world = await begun(one);
        const told = `killed ${kill.when} write ${kill.write}`;
        const came = await run(one, world, { kill });
        if (came === 'killed') killed += 1;
        const isOver = world.state().fleets['web']?.history.some(({ rollout }) => rollout === 'r2');
        if (!isOver) {
          const again = await run(one, world);
          expect(again, told).to.have.property('outcome').that.is.oneOf(['good', 'rolled-back', 'destroyed']);
        }
        await check(one, world, told);
        await close(world);
      });
      console.log(`      ${killed} kills, ${whole.writes} writes`);
    });

    it(`${one.name} ends well, whichever call is refused, or its answer lost`, async () => {
      const probe = await begun(one);
      const before = (await probe.server.calls()).length;
      await run(one, probe);
      const calls = (await probe.server.calls()).length - before;
      await close(probe);
      const refused = { how: 'error', code: 'UnauthorizedOperation', message: 'No.', status: 403 } as const;
      const lost = { how: 'lost', code: '', message: '', status: 500 } as const;
      const tries = points(calls, 1).flatMap((call) => [refused, lost].map((how) => ({ call, how })));
      let stopped = 0;
      await each(tries, async ({ call, how }) => {
        const world = await begun(one);
        const told = `call ${call} ${how.how}`;
        const failure: Failure = { action: '*', call, ...how };
        await world.server.injector.set({ consistencyDelay: 0, latency: 0, failures: [failure] });
        const came = await run(one, world);
        if (came !== 'killed' && came.outcome === 'stopped') {
          stopped += 1;
          expect(came.fault?.code, told).to.equal('cloud-denied');
          expect(await run(one, world), told)
            .to.have.property('outcome')
            .that.is.oneOf(['good', 'rolled-back', 'destroyed']);
        }
        await check(one, world, told);
        await close(world);
      });
      console.log(`      ${tries.length} failures in ${calls} calls, ${stopped} stopped it`);
    });
  }

  it('outlasts throttling and answers that are old', async () => {
    const [one] = CASES;
    if (!one) return;
    const world = await begun(one);
    const slow: Failure = {
      action: '*',
      every: 5,
      how: 'error',
      code: 'RequestLimitExceeded',
      message: '',
      status: 503,
    };
    // What was there before is known by then.
    await sleep(500);
    await world.server.injector.set({ consistencyDelay: 200, latency: 0, failures: [slow] });
    const came = await run(one, world);
    expect(came, came === 'killed' ? came : String(came.fault)).to.have.property('outcome', 'good');
    await world.server.injector.set({ consistencyDelay: 0, latency: 0, failures: [] });
    await check(one, world, 'throttled');
    await close(world);
  });
});
