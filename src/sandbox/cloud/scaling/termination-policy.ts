/** Which instance goes first when a group has too many. */

import type { RegionState } from '../state.ts';
import type { MemberRecord, ScalingGroupRecord, TemplateChoice } from './group-record.ts';

type Compare = (a: MemberRecord, b: MemberRecord) => number;

/** By name. `launchedAt` is the instance's last start; an hour is what EC2 once billed. */
function policies({ instances }: RegionState, current: TemplateChoice, now: number): Readonly<Record<string, Compare>> {
  const launched = ({ instanceId, joinedAt }: MemberRecord) => instances[instanceId]?.launchedAt ?? joinedAt;
  const oldest: Compare = (a, b) => launched(a) - launched(b);
  const template: Compare = (a, b) => age(a, current) - age(b, current);
  const hour: Compare = (a, b) => untilHour(launched(a), now) - untilHour(launched(b), now);
  return {
    Default: (a, b) => template(a, b) || hour(a, b),
    OldestInstance: oldest,
    NewestInstance: (a, b) => oldest(b, a),
    OldestLaunchTemplate: template,
    OldestLaunchConfiguration: () => 0,
    ClosestToNextInstanceHour: hour,
    AllocationStrategy: () => 0,
  };
}

export const POLICIES: readonly string[] = [
  'AllocationStrategy',
  'ClosestToNextInstanceHour',
  'Default',
  'NewestInstance',
  'OldestInstance',
  'OldestLaunchConfiguration',
  'OldestLaunchTemplate',
];

const HOUR = 3_600_000;

function untilHour(launched: number, now: number): number {
  return HOUR - ((now - launched) % HOUR);
}

/** The lower, the earlier it goes: of another template before an old version, both before the current one. */
function age({ template }: MemberRecord, current: TemplateChoice): number {
  return template === undefined || template.id !== current.id ? 0 : Number(template.version);
}

/**
 * The one of `candidates` that goes first. Unhealthy ones go before all, then zones with the most instances count, then
 * the group's policies in their order. `current` is the template that is launched from now.
 */
export function firstToGo(
  state: RegionState,
  group: Pick<ScalingGroupRecord, 'policies'>,
  candidates: readonly MemberRecord[],
  {
    current,
    now,
    all,
  }: { readonly current: TemplateChoice; readonly now: number; readonly all: readonly MemberRecord[] },
): MemberRecord | undefined {
  const known = policies(state, current, now);
  const inZone = (member: MemberRecord) => all.filter(({ zone }) => zone === member.zone).length;
  const compared = group.policies.flatMap((name) => known[name] ?? []);
  const compare: Compare = (a, b) => {
    if (a.isHealthy !== b.isHealthy) return a.isHealthy ? 1 : -1;
    const zones = inZone(b) - inZone(a);
    if (zones !== 0) return zones;
    for (const one of compared) if (one(a, b) !== 0) return one(a, b);
    return a.joinedAt - b.joinedAt || (a.instanceId < b.instanceId ? -1 : 1);
  };
  return [...candidates].sort(compare)[0];
}
