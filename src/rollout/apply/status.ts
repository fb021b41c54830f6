/** How a fleet is now. */

import type { Cloud } from '../../cloud/cloud.ts';
import { isNotFound } from '../../cloud/cloud-error.ts';
import type { ImageRef } from '../plan/plan.ts';
import type { FleetState, InstanceState, Release, RolloutState } from '../state/state.ts';
import { bare } from './release-meant.ts';
import { Sightings } from './sightings.ts';

export interface MemberStatus {
  /** `fleet.web[0]`. */
  readonly address: string;
  readonly deposed: boolean;
  /** Empty: its launch was not answered. */
  readonly id: string;
  readonly image: { readonly id: string; readonly name: string };
  /** EC2's: `running` …; `gone` for one that is not there. */
  readonly state: string;
  /** The worst that its target groups say, and why; empty: it is no target of any. */
  readonly health: string;
  readonly privateAddress: string;
  readonly publicAddress: string;
}

export interface FleetStatus {
  readonly fleet: string;
  readonly region: string;
  readonly good: Release | undefined;
  readonly members: readonly MemberStatus[];
  readonly rollout: RolloutStatus | undefined;
}

/** What is under way, or was stopped. */
export interface RolloutStatus extends Pick<RolloutState, 'id' | 'began' | 'direction' | 'failure' | 'wanted'> {
  /** Undefined: to nothing. */
  readonly to: ImageRef | undefined;
  /** From 1. */
  readonly batch: number;
  readonly of: number;
  /** Steps that were begun and not ended, such as `launch 0`. */
  readonly steps: readonly string[];
}

export function rolloutStatus({ plan, batch, begun, done, ...rollout }: RolloutState): RolloutStatus {
  const { id, began, direction, failure, wanted } = rollout;
  return {
    ...{ id, began, direction, to: plan.to, batch: Math.min(batch + 1, plan.batches.length), of: plan.batches.length },
    steps: begun.filter((key) => !done.includes(key)),
    ...(failure && { failure }),
    ...(wanted && { wanted }),
  };
}

export async function statusOf(name: string, fleet: FleetState, cloud: Cloud): Promise<FleetStatus> {
  const sightings = new Sightings(cloud);
  const slots = Object.entries(fleet.slots).sort(([a], [b]) => Number(a) - Number(b));
  const members = await Promise.all(
    slots.flatMap(([slot, { current, deposed }]) => {
      const address = `fleet.${name}[${slot}]`;
      const old = deposed.map((one) => memberOf(address, true, one, sightings));
      return current ? [memberOf(address, false, current, sightings), ...old] : old;
    }),
  );
  const { region, good, rollout } = fleet;
  return { fleet: name, region, good: good && bare(good), members, rollout: rollout && rolloutStatus(rollout) };
}

async function memberOf(
  address: string,
  deposed: boolean,
  { id = '', settings }: InstanceState,
  sightings: Sightings,
): Promise<MemberStatus> {
  const [instance, health] = await Promise.all([
    id === '' ? undefined : sightings.instance(id),
    healthOf(id, settings.targetGroupArns, sightings),
  ]);
  return {
    ...{ address, deposed, id, health },
    image: { id: settings.imageId, name: settings.imageName },
    state: instance?.State?.Name ?? 'gone',
    privateAddress: instance?.PrivateIpAddress ?? '',
    publicAddress: instance?.PublicIpAddress ?? '',
  };
}

async function healthOf(id: string, arns: readonly string[], sightings: Sightings): Promise<string> {
  if (id === '' || arns.length === 0) return '';
  const all = await Promise.all(
    arns.map(async (arn) => {
      try {
        const health = await sightings.target(arn, id);
        const why = health?.Description ?? health?.Reason;
        return [health?.State ?? 'not registered', why && `(${why})`].filter(Boolean).join(' ');
      } catch (error) {
        if (isNotFound(error)) return 'its target group is gone';
        throw error;
      }
    }),
  );
  return all.find((one) => one !== 'healthy') ?? 'healthy';
}
