/** A cloud in this process whose Auto Scaling groups are kept, and in which time passes ten times as fast. */

import type { Cloud } from '../../../src/cloud/cloud.ts';
import { openCloud } from '../../../src/cloud/open-cloud.ts';
import type { FleetConfig } from '../../../src/config/fleet.ts';
import type { PlanBack } from '../../../src/rollout/apply/run-rollout.ts';
import { look } from '../../../src/rollout/look/look.ts';
import type { Goal } from '../../../src/rollout/plan/goal.ts';
import type { FleetPlan } from '../../../src/rollout/plan/plan.ts';
import { planOf } from '../../../src/rollout/plan/plan-of.ts';
import { watchGroups } from '../../../src/sandbox/cloud/scaling/watch-groups.ts';
import { watchInstances } from '../../../src/sandbox/cloud/watch-instances.ts';
import { CREDENTIALS } from '../../support/cloud-server.ts';
import { fleetOf, ONE } from '../apply/plans.ts';
import { type ApplyOptions, REGION, startWorld } from '../apply/world.ts';

export type GroupWorld = Awaited<ReturnType<typeof startGroupWorld>>;

export async function startGroupWorld() {
  const world = await startWorld();
  const { server } = world;
  const watches = [
    watchGroups(server.cloud, { interval: 20, clock: server.clock }),
    watchInstances(server.cloud, { interval: 20 }),
  ];
  const faster = setInterval(() => server.pass(180), 20);

  const open = (): Promise<Cloud> =>
    openCloud({ kind: 'sandbox', why: 'a test', region: REGION, endpoint: server.endpoint, credentials: CREDENTIALS });

  async function plan(fleet: FleetConfig, goal: Goal = { kind: 'config' }): Promise<FleetPlan> {
    const cloud = await open();
    try {
      const fleets = [{ fleet, goal }];
      const seen = await look({ cloud, fleets, state: world.state() });
      const [made] = planOf({ fleets, state: world.state(), seen, now: new Date() }).fleets;
      if (made === undefined) throw new Error('there is no plan');
      return made;
    } finally {
      cloud.close();
    }
  }

  const group = () => Object.values(world.region().state.scalingGroups)[0];

  return {
    ...world,
    plan,
    /** A fleet of three that a group keeps, in the zones of the load balancer. */
    fleet(change: Partial<FleetConfig> = {}): FleetConfig {
      const { strategy, health } = fleetOf();
      return fleetOf({
        ...{
          engine: 'autoscaling',
          image: ONE.id,
          health: { ...health, healthy: 1 },
          subnets: world.subnets.slice(0, 2),
        },
        strategy: { ...strategy, progressDeadline: 8000 },
        ...change,
      });
    },
    /** The Auto Scaling group. */
    scalingGroup: group,
    refreshes: () => Object.values(world.region().state.instanceRefreshes).sort((a, b) => a.createdAt - b.createdAt),
    /** Images of what runs. */
    images: () =>
      world
        .running()
        .map(({ imageId }) => imageId)
        .sort(),
    /** Plans to have the fleet as it says, and does that. */
    async roll(fleet: FleetConfig, options: Omit<ApplyOptions, 'plan' | 'planBack'> = {}) {
      const planBack: PlanBack = (_, release) => plan(fleet, { kind: 'release', release });
      return world.apply({ plan: await plan(fleet), planBack, ...options });
    },
    /** Goes on with what stands in the state. */
    goOn: (fleet: FleetConfig) => world.apply({ planBack: (_, release) => plan(fleet, { kind: 'release', release }) }),
    async stop() {
      clearInterval(faster);
      for (const watch of watches) watch.stop();
      await world.stop();
    },
  };
}
