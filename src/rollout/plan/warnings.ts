/** What is worth knowing before a plan is applied. */

import { basename } from 'node:path';
import type { FleetConfig } from '../../config/fleet.ts';
import type { FleetSeen } from '../look/seen.ts';
import { addressOf } from '../state/address.ts';
import type { FleetState } from '../state/state.ts';
import type { Goal } from './goal.ts';
import type { Change } from './plan.ts';
import type { SlotRead } from './read-slot.ts';

export interface Warned {
  readonly fleet: FleetConfig;
  readonly goal: Goal;
  readonly state: FleetState | undefined;
  readonly seen: FleetSeen;
  readonly reads: readonly SlotRead[];
  readonly changes: readonly Change[];
  /** Whether there is a way back. */
  readonly home: boolean;
}

export function warningsOf(warned: Warned): readonly string[] {
  const launches = warned.changes.some(({ action }) => action === 'create' || action === 'replace');
  const parts = [
    ...(warned.goal.kind === 'config' && launches ? [...wayBack(warned), ...checks(warned.fleet)] : []),
    ...unhealthy(warned),
    ...volumes(warned),
  ];
  return parts;
}

function wayBack({ fleet, state, home, reads }: Warned): readonly string[] {
  const isFirst = reads.every(({ current, deposed }) => current === undefined && deposed.length === 0);
  if (home || !fleet.strategy.autoRollback || isFirst) return [];
  const then = 'should the new instances fail, the rollout stops where it is';
  const good = state?.good;
  if (good === undefined) return [`there is no good release yet to go back to: ${then}`];
  return [
    `${good.image.name} (${good.image.id}), the image of the last good release, cannot be launched any more: ${then}`,
  ];
}

function checks({ health, targetGroups }: FleetConfig): readonly string[] {
  const { http, tcp, command, verify, unverified } = health;
  const warnings: string[] = [];
  if (unverified !== undefined) {
    const tasks = `the tasks tagged verify of ${basename(unverified)}`;
    warnings.push(
      `${tasks} are not run on the new instances, for there is no ssh; health.verify: false leaves them out`,
    );
  }
  const nothing = [http, tcp, command, verify].every((one) => one === undefined) && targetGroups.length === 0;
  if (nothing)
    warnings.push('nothing tells whether a new instance works: it counts as healthy once it runs (see health)');
  return warnings;
}

/** Those that stay as they are; others are replaced. */
function unhealthy({ fleet, reads, changes, seen }: Warned): readonly string[] {
  return reads.flatMap(({ index, current }, place) => {
    if (!current?.member.ill || changes[place]?.action === 'replace') return [];
    const said = [...seen.health].flatMap(([arn, targets]) => {
      const target = targets.get(current.id);
      if (target === undefined || target.state === 'healthy') return [];
      const group = seen.targetGroups.find((one) => one.arn === arn)?.name ?? arn;
      return [`${target.state} in ${group}${target.reason === '' ? '' : ` (${target.reason})`}`];
    });
    return [
      `${addressOf({ fleet: fleet.name, slot: index })} (${current.id}) is ${said.join(', ')}, and is left as it is`,
    ];
  });
}

function volumes({ fleet, state, seen, reads, changes }: Warned): readonly string[] {
  const warnings: string[] = [];
  for (const [place, { index, lostVolumes }] of reads.entries()) {
    const address = addressOf({ fleet: fleet.name, slot: index });
    const change = changes[place];
    if (lostVolumes.length > 0 && change?.after !== undefined) {
      warnings.push(`${address}: the volume ${lostVolumes.join(', ')} is gone with what it held; a new one is made`);
    }
    for (const [device, id] of Object.entries(state?.slots[String(index)]?.volumes ?? {})) {
      const there = seen.volumes.get(id);
      if (there === undefined) continue;
      const wanted = change?.after?.volumes.find((one) => one.device === device);
      if (change?.after === undefined)
        warnings.push(`${address}: its volume ${id} (${device}, ${there.size} GiB) stays`);
      else if (wanted === undefined)
        warnings.push(`${address}: its volume ${id} (${device}) stays, and is attached to nothing`);
      else if (wanted.size !== there.size) {
        const how = `aws ec2 modify-volume --volume-id ${id} --size ${wanted.size}`;
        warnings.push(
          `${address}: its volume ${id} (${device}) has ${there.size} GiB and keeps them; \`${how}\` changes it`,
        );
      }
    }
  }
  return warnings;
}
