import type { RegionState } from '../state.ts';
import { balancersOf } from './group-users.ts';
import { targetStates } from './target-health.ts';

export interface BalancerStatus {
  readonly name: string;
  readonly state: string;
  readonly address: string;
  readonly region: string;
  /** Such as `HTTP:80`. */
  readonly listeners: readonly string[];
  /** Such as `i-0123456789abcdef0:80 healthy`. */
  readonly targets: readonly string[];
}

/** The load balancers of a region, the oldest first. */
export function balancersIn(region: string, state: RegionState): readonly BalancerStatus[] {
  const balancers = Object.values(state.loadBalancers).sort((a, b) => a.createdAt - b.createdAt);
  return balancers.map(({ id, name, state: is, address }) => {
    const listeners = Object.values(state.listeners).filter(({ balancer }) => balancer === id);
    const groups = Object.keys(state.targetGroups).filter((group) => balancersOf(state, group).includes(id));
    const targets = groups.flatMap((group) => targetStates({ state }, group));
    return {
      ...{ name, state: is, address, region },
      listeners: listeners.map(({ protocol, port }) => `${protocol}:${port}`),
      targets: targets.map((target) => `${target.id}:${target.port} ${target.state}`),
    };
  });
}
