/** What happens to a slot, in words and attributes. */

import type { Settings } from '../settings.ts';
import { addressOf } from '../state/address.ts';
import type { Work } from './model/decide.ts';
import type { Change } from './plan.ts';
import type { SlotRead } from './read-slot.ts';
import type { Base } from './settings-wanted.ts';

export function changeOf(name: string, count: number, read: SlotRead, work: Work, wanted: Base | undefined): Change {
  const { index, current, deposed } = read;
  const before = current ?? deposed.at(-1);
  const { action, kind } = work;
  const back = kind === 'restore' ? deposed[work.restored ?? -1] : undefined;
  return {
    address: addressOf({ fleet: name, slot: index }),
    slot: index,
    action,
    reason: reasonOf(read, work, count, wanted !== undefined),
    before: before?.settings,
    after: back?.settings ?? afterOf(read, work, wanted),
    id: current?.id,
    deposed: deposed.filter((one) => one !== back).map(({ id }) => id),
    attributes: ['replace', 'update', 'restore'].includes(action) ? (before?.changes ?? []) : [],
  };
}

function afterOf({ subnets, current }: SlotRead, { action }: Work, wanted: Base | undefined): Settings | undefined {
  if (wanted === undefined || action === 'delete') return undefined;
  const launched = action === 'create' || action === 'replace';
  return { ...wanted, subnetId: (launched ? undefined : current?.settings.subnetId) ?? subnets[0] ?? '' };
}

function reasonOf(read: SlotRead, { action, kind }: Work, count: number, isWanted: boolean): string {
  const { index, current, deposed, drift, lostVolumes } = read;
  switch (action) {
    case 'create':
      return drift.some((one) => one.kind === 'gone') ? 'because its instance is gone' : '';
    case 'replace':
      if (lostVolumes.length > 0) return `because its volume ${lostVolumes.join(', ')} is gone`;
      if (current === undefined) return 'because a rollout was stopped after it let go of its instance';
      return current.member.runs ? '' : 'because its instance is stopped';
    case 'restore':
      return `by ${deposed.map(({ id }) => id).at(-1) ?? ''}, which is still there`;
    case 'update':
      return kind === 'finish' ? 'because it is not in service' : '';
    case 'delete':
      return isWanted ? `because index [${index}] is out of range for count, which is ${count}` : '';
    case 'clean':
      return 'because of what an earlier rollout left over';
    default:
      return '';
  }
}
