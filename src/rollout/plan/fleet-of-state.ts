import type { FleetConfig } from '../../config/fleet.ts';
import type { FleetState } from '../state/state.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** A fleet that no configuration describes any more, as far as is needed to take it away. */
export function fleetOfState(name: string, { engine, slots, rollout }: FleetState): FleetConfig {
  if (rollout) return rollout.plan.fleet;
  return {
    name,
    engine,
    image: '',
    count: Math.max(1, Object.keys(slots).length),
    ...{
      instanceType: undefined,
      subnets: [],
      securityGroups: [],
      key: undefined,
      iamProfile: undefined,
      userData: undefined,
    },
    ...{ publicAddress: undefined, tags: {}, volumes: [], targetGroups: [], ssh: undefined },
    health: {
      ...{ http: undefined, tcp: undefined, command: undefined, verify: undefined, unverified: undefined },
      ...{ grace: 5 * MINUTE, interval: 5 * SECOND, healthy: 2, unhealthy: 3 },
    },
    strategy: {
      type: 'rolling',
      ...{
        maxSurge: 1,
        maxUnavailable: 0,
        canary: 1,
        pause: 0,
        checkpoints: [],
        checkpointDelay: undefined,
        bakeTime: 0,
      },
      ...{ autoRollback: false, progressDeadline: 15 * MINUTE },
    },
  };
}
