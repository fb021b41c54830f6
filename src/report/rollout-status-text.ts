/** Fleets as they are, and what was rolled out to them, as text. */

import type { FleetStatus } from '../rollout/apply/status.ts';
import type { LockInfo } from '../rollout/state/lock-info.ts';
import type { FleetState } from '../rollout/state/state.ts';
import { columns } from './columns.ts';
import { imageText } from './rollout-lines.ts';
import { whereText } from './rollout-where.ts';

export function statusText(all: readonly FleetStatus[], lock: LockInfo | undefined): string {
  const parts = all.map(({ fleet, good, members, rollout }) => {
    const rows = members.map(({ address, deposed, id, image, state, health, privateAddress, publicAddress }) => [
      deposed ? `${address} (deposed)` : address,
      id || '(not known yet)',
      image.name || image.id,
      state,
      health,
      publicAddress || privateAddress,
    ]);
    const table =
      rows.length === 0
        ? `fleet.${fleet} has no instances.\n`
        : columns([['ADDRESS', 'INSTANCE', 'IMAGE', 'STATE', 'HEALTH', 'AT'], ...rows]);
    const proven = good ? `Good: ${imageText(good.image)}, since ${minutes(good.ended)}\n` : '';
    return `${table}${proven}${rollout ? `${whereText(fleet, rollout)}\n` : ''}`;
  });
  const held = lock ? `\nThe state is locked: ${lock.Operation} by ${lock.Who} since ${minutes(lock.Created)}\n` : '';
  return `${parts.join('\n') || 'There are no fleets. `rollout apply` makes those of playbake.yml.\n'}${held}`;
}

export function historyText(fleets: readonly (readonly [string, FleetState])[]): string {
  const rows = fleets.flatMap(([name, { history }]) =>
    history.map(({ ended, rollout, outcome, image, reason = '' }) => [
      minutes(ended),
      `fleet.${name}`,
      rollout,
      outcome,
      imageText(image),
      reason,
    ]),
  );
  return rows.length === 0
    ? 'Nothing was rolled out yet.\n'
    : columns([['ENDED', 'FLEET', 'ROLLOUT', 'OUTCOME', 'IMAGE', 'WHY'], ...rows]);
}

/** `2026-11-26 02:15`, of a time in ISO 8601. */
const minutes = (time: string): string => time.slice(0, 16).replace('T', ' ');
