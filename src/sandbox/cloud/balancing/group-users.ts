/** Which load balancers send requests to a target group. */

import type { RegionState } from '../state.ts';
import type { RuleAction } from './balancing-records.ts';

/** Their ARNs; none where no listener and no rule forwards to the group. */
export function balancersOf(region: RegionState, group: string): readonly string[] {
  const listeners = Object.values(region.listeners).filter((listener) => {
    const rules = Object.values(region.listenerRules).filter((rule) => rule.listener === listener.id);
    return [listener.actions, ...rules.map(({ actions }) => actions)].some((actions) => forwardsTo(actions, group));
  });
  return [...new Set(listeners.map(({ balancer }) => balancer))];
}

export function forwardsTo(actions: readonly RuleAction[], group: string): boolean {
  return actions.some((action) => action.type === 'forward' && action.groups.some((one) => one.group === group));
}
