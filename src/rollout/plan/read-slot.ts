/** A slot as the state remembers it and as it is. */

import type { FleetSeen, SeenInstance } from '../look/seen.ts';
import type { Settings } from '../settings.ts';
import { addressOf } from '../state/address.ts';
import type { FleetState, InstanceState, SlotState } from '../state/state.ts';
import { differences, fitOf } from './differences.ts';
import type { Fit, Member, Slot } from './model/slot.ts';
import type { AttributeChange, Drift } from './plan.ts';
import { settingsSeen } from './settings-seen.ts';
import type { Base } from './settings-wanted.ts';

/** One of a slot's instances that is there. */
export interface Found {
  readonly id: string;
  readonly settings: Settings;
  readonly member: Member;
  /** What it lacks. */
  readonly changes: readonly AttributeChange[];
}

export interface SlotRead {
  readonly index: number;
  readonly slot: Slot;
  readonly current: Found | undefined;
  readonly deposed: readonly Found[];
  /** Where one would be launched; the first is preferred. */
  readonly subnets: readonly string[];
  readonly drift: readonly Drift[];
  readonly lostVolumes: readonly string[];
}

export interface SlotContext {
  readonly name: string;
  readonly count: number;
  readonly state: FleetState | undefined;
  readonly seen: FleetSeen;
  /** Undefined: nothing is wanted. */
  readonly wanted: Base | undefined;
  /** Where the way back leads. */
  readonly home: Base | undefined;
  readonly names: ReadonlyMap<string, string>;
  readonly byToken: ReadonlyMap<string, SeenInstance>;
}

const NOTHING: SlotState = { deposed: [], volumes: {} };

export function readSlot(index: number, context: SlotContext): SlotRead {
  const { state, count, name } = context;
  const kept = state?.slots[String(index)] ?? NOTHING;
  const drift: Drift[] = [];
  const address = addressOf({ fleet: name, slot: index });
  const lost = lostVolumes(kept, context, address, drift);
  const found = (one: InstanceState | undefined, isCurrent: boolean) =>
    one && find(one, { context, kept, address, drift, isCurrent, hasLost: lost.length > 0 });
  const current = found(kept.current, true);
  const deposed = kept.deposed.map((one) => found(one, false));
  const there = deposed.filter((one) => one !== undefined);
  const missing = there.length < deposed.length || (kept.current !== undefined && current === undefined);
  return {
    index,
    slot: {
      wanted: index < count && context.wanted !== undefined,
      moves: hasVolumes(context),
      gone: missing || lost.length > 0,
      current: current?.member,
      deposed: there.map(({ member }) => member),
    },
    current,
    deposed: there,
    subnets: subnetsFor(index, kept, current ?? there.at(-1), context),
    drift,
    lostVolumes: lost,
  };
}

function hasVolumes({ wanted, home }: SlotContext): boolean {
  return (wanted?.volumes.length ?? 0) > 0 || (home?.volumes.length ?? 0) > 0;
}

interface Finding {
  readonly context: SlotContext;
  readonly kept: SlotState;
  readonly address: string;
  readonly drift: Drift[];
  readonly isCurrent: boolean;
  readonly hasLost: boolean;
}

function find(one: InstanceState, finding: Finding): Found | undefined {
  const { context, kept, address, drift, isCurrent, hasLost } = finding;
  const { seen, byToken, wanted, home, names } = context;
  const id = one.id ?? byToken.get(one.token)?.id;
  const there = id === undefined ? undefined : seen.instances.get(id);
  const tell = (kind: Drift['kind'], message: string, attributes: readonly AttributeChange[] = []) => {
    if (isCurrent && id !== undefined) drift.push({ address, id, kind, message, attributes });
  };
  if (id === undefined || there === undefined || there.state === 'shutting-down') {
    tell('gone', there?.reason ? `it is ending: ${there.reason}` : 'it is not there any more');
    return undefined;
  }
  const settings = settingsSeen(one, there, seen);
  const runs = there.state === 'running' || there.state === 'pending';
  if (!runs) tell('stopped', `it is ${there.state}${there.reason === '' ? '' : `: ${there.reason}`}`);
  const byHand = differences({ before: one.settings, after: settings, subnets: [settings.subnetId], names });
  if (runs && byHand.length > 0) tell('changed', 'it was changed', byHand);
  const changes = (base: Base | undefined) =>
    base === undefined
      ? undefined
      : differences({ before: settings, after: base, subnets: allowed(kept, context), names });
  const lacks = changes(wanted);
  const judged = (list: readonly AttributeChange[] | undefined): Fit => (list && !hasLost ? fitOf(list) : 'other');
  const serves = runs && isServing(one, id, seen);
  const ill = runs && !serves && one.inService && isKnown(settings, one, id, seen);
  const volumes = Object.values(kept.volumes);
  return {
    id,
    settings,
    changes: lacks ?? [],
    member: {
      ...{ runs, serves, ill, fit: judged(lacks), home: judged(wanted === home ? lacks : changes(home)) },
      holds:
        hasVolumes(context) && volumes.length > 0 && volumes.every((one) => seen.volumes.get(one)?.instanceId === id),
    },
  };
}

/** Target groups know best; without any, what was found when it was put in service holds. */
function isServing({ settings, inService }: InstanceState, id: string, { health }: FleetSeen): boolean {
  const { targetGroupArns } = settings;
  if (targetGroupArns.length === 0) return inService;
  return targetGroupArns.every((arn) => health.get(arn)?.get(id)?.state === 'healthy');
}

/** Whether all of its target groups have it, and not all call it healthy. */
function isKnown(settings: Settings, one: InstanceState, id: string, { health }: FleetSeen): boolean {
  const arns = one.settings.targetGroupArns;
  return arns.length > 0 && arns.every((arn) => settings.targetGroupArns.includes(arn) && health.get(arn)?.has(id));
}

function lostVolumes(kept: SlotState, { seen }: SlotContext, address: string, drift: Drift[]): readonly string[] {
  return Object.entries(kept.volumes).flatMap(([device, id]) => {
    if (seen.volumes.has(id)) return [];
    drift.push({ address, id, kind: 'volume', message: `its volume ${device} is not there any more`, attributes: [] });
    return [device];
  });
}

/** A volume is in one zone, and so must be what holds it. */
function allowed(kept: SlotState, { seen }: SlotContext): readonly string[] {
  const zones = Object.values(kept.volumes).flatMap((id) => seen.volumes.get(id)?.zone ?? []);
  return seen.subnets.filter(({ zone }) => zones.every((one) => one === zone)).map(({ id }) => id);
}

/** Where its predecessor is; else slots take turns. */
function subnetsFor(index: number, kept: SlotState, one: Found | undefined, context: SlotContext): readonly string[] {
  const ids = allowed(kept, context);
  const first =
    one && ids.includes(one.settings.subnetId) ? one.settings.subnetId : ids[index % Math.max(1, ids.length)];
  return first === undefined ? ids : [first, ...ids.filter((id) => id !== first)];
}
