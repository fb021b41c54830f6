/** States to test with. */

import type { Settings } from '../../../src/rollout/settings.ts';
import { nextState } from '../../../src/rollout/state/next-state.ts';
import type { FleetState, InstanceState, SlotState, State } from '../../../src/rollout/state/state.ts';

export function settingsOf(changes: Partial<Settings> = {}): Settings {
  return {
    imageId: 'ami-0123456789abcdef0',
    imageName: 'app-20261126-010203',
    instanceType: 't3.small',
    subnetId: 'subnet-0123456789abcdef0',
    securityGroupIds: ['sg-0123456789abcdef0'],
    tags: { Team: 'web' },
    volumes: [],
    targetGroupArns: ['arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef'],
    ...changes,
  };
}

export function instanceOf(id: string, changes: Partial<InstanceState> = {}): InstanceState {
  return { token: `r-${id}`, id, settings: settingsOf(), inService: true, ...changes };
}

export function slotOf(id: string, changes: Partial<SlotState> = {}): SlotState {
  return { current: instanceOf(id), deposed: [], volumes: {}, ...changes };
}

/** A fleet with these instances. */
export function fleetOf(ids: readonly string[], changes: Partial<FleetState> = {}): FleetState {
  const slots = Object.fromEntries(ids.map((id, index) => [index, slotOf(id)]));
  return { engine: 'ec2', region: 'us-east-1', slots, history: [], ...changes };
}

/** The first state of a lineage: a fleet `web` of these instances. */
export function stateOf(ids: readonly string[], changes: Partial<FleetState> = {}): State {
  return nextState(undefined, { web: fleetOf(ids, changes) });
}
