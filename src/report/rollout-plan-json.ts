/**
 * A rollout's plan as JSON: Terraform's form of a plan (format_version 1.2) as far as it has words for it, so that what reads
 * Terraform's reads this, and `fleets` for the rest.
 */

import { attributesOf } from '../rollout/plan/differences.ts';
import type { Change, Drift, FleetPlan, Plan } from '../rollout/plan/plan.ts';
import { destroyedBy, destroyedFirst, isNeeded } from '../rollout/plan/tally.ts';
import type { Settings } from '../rollout/settings.ts';

const FORMAT = '1.2';

export function rolloutPlanJson(plan: Plan): object {
  const { fleets, created, playbake, cloud, prior } = plan;
  return {
    format_version: FORMAT,
    playbake_version: playbake,
    timestamp: created,
    applyable: isNeeded(fleets),
    complete: true,
    errored: false,
    cloud,
    prior_state: prior,
    resource_drift: fleets.flatMap((fleet) => fleet.drift.map((one) => driftJson(one, fleet))),
    resource_changes: fleets.flatMap((fleet) => changesJson(fleet)),
    fleets: fleets.map(({ fleet, rollout, from, to, amounts, promise, batches, warnings }) => ({
      ...{ name: fleet.name, rollout, strategy: fleet.strategy.type, from: from ?? null, to: to ?? null },
      ...{ amounts, promise, batches, warnings },
    })),
  };
}

function changesJson(fleet: FleetPlan): readonly object[] {
  const first = destroyedFirst(fleet);
  const names = namesOf(fleet);
  return fleet.changes.map((change) => ({
    ...resource(change.address, fleet.fleet.name, change.slot),
    change: {
      actions: actionsOf(change, first),
      before: valuesOf(change.before, change.id, names),
      after: valuesOf(
        change.after,
        change.action === 'update' || change.action === 'no-op' ? change.id : undefined,
        names,
      ),
      after_unknown: change.action === 'create' || change.action === 'replace' ? { id: true } : {},
      before_sensitive: sensitive(change.before),
      after_sensitive: sensitive(change.after),
      ...(change.action === 'replace' && {
        replace_paths: change.attributes.filter((one) => one.forcesReplacement).map(({ name }) => [name]),
      }),
    },
    ...reasonOf(change),
    ...(change.reason !== '' && { reason: change.reason }),
    ...(destroyedBy(change).length > 0 && { destroyed: destroyedBy(change) }),
  }));
}

function driftJson({ address, id, kind, message, attributes }: Drift, { fleet }: FleetPlan): object {
  const slot = /\[(\d+)\]$/.exec(address)?.[1];
  const side = (which: 'before' | 'after') =>
    kind === 'changed' ? { id, ...Object.fromEntries(attributes.map((one) => [one.name, one[which]])) } : { id };
  return {
    ...resource(address, fleet.name, slot === undefined ? undefined : Number(slot)),
    kind,
    message,
    change: {
      actions: kind === 'gone' || kind === 'volume' ? ['delete'] : kind === 'unknown' ? ['no-op'] : ['update'],
      before: kind === 'unknown' ? null : side('before'),
      after: kind === 'gone' ? null : side('after'),
    },
  };
}

function resource(address: string, name: string, index: number | undefined): object {
  return {
    address,
    mode: 'managed',
    type: 'fleet',
    name,
    ...(index !== undefined && { index }),
    provider_name: 'playbake',
  };
}

function actionsOf({ action, slot, deposed }: Change, first: ReadonlySet<number>): readonly string[] {
  switch (action) {
    case 'replace':
      return first.has(slot) ? ['delete', 'create'] : ['create', 'delete'];
    case 'clean':
      return deposed.length > 0 ? ['delete'] : ['update'];
    case 'restore':
      return ['update', 'delete'];
    default:
      return [action];
  }
}

/** Terraform's own reasons, where it has one. */
function reasonOf({ action, reason, attributes }: Change): object {
  if (action === 'replace' && attributes.some(({ forcesReplacement }) => forcesReplacement)) {
    return { action_reason: 'replace_because_cannot_update' };
  }
  if (action === 'replace') return { action_reason: 'replace_because_tainted' };
  if (action === 'delete') {
    return { action_reason: reason === '' ? 'delete_because_no_resource_config' : 'delete_because_count_index' };
  }
  return {};
}

function valuesOf(
  settings: Settings | undefined,
  id: string | undefined,
  names: ReadonlyMap<string, string>,
): object | null {
  if (settings === undefined) return null;
  return {
    ...(id !== undefined && { id }),
    ...Object.fromEntries(attributesOf(settings, names)),
    image_name: settings.imageName,
  };
}

/** Its text is given as a digest only. */
function sensitive(settings: Settings | undefined): object {
  return settings?.userData === undefined ? {} : { user_data: true };
}

function namesOf({ targetGroups }: FleetPlan): ReadonlyMap<string, string> {
  return new Map(targetGroups.map(({ arn, name }) => [arn, name]));
}
