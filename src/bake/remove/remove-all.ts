/** Removes what was made, in reverse. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Cloud } from '../../cloud/cloud.ts';
import { asFault } from '../../cloud/cloud-error.ts';
import { Fault, faultsOf } from '../../fault.ts';
import type { EmitBake } from '../events.ts';
import type { Left } from '../journal/account.ts';
import type { Resource, ResourceKind } from '../journal/resource.ts';
import { removeImage } from './image.ts';
import { removeInstance } from './instance.ts';
import { removeKeyPair } from './key-pair.ts';
import type { Remover } from './removal.ts';
import { removeSecurityGroup } from './security-group.ts';
import { removeSnapshot } from './snapshot.ts';
import { removeVolume } from './volume.ts';

const REMOVERS: Readonly<Record<ResourceKind, Remover>> = {
  instance: removeInstance,
  'key-pair': removeKeyPair,
  'security-group': removeSecurityGroup,
  image: removeImage,
  volume: removeVolume,
  snapshot: removeSnapshot,
};

export interface RemoveAllOptions {
  readonly cloud: Cloud;
  readonly run: string;
  /** In the order in which they were made. */
  readonly left: readonly Left[];
  readonly why: 'end' | 'failure' | 'sweep';
  readonly emit: EmitBake;
  readonly signal: AbortSignal;
  /** Told when something is gone for good. */
  readonly onRemoved: (resource: Resource) => void;
}

/**
 * One that cannot be removed does not hold the others up. Things of one kind that stand side by side go at the same time.
 * Gives why some are still there.
 */
export async function removeAll(options: RemoveAllOptions): Promise<readonly Fault[]> {
  const { left, why, emit } = options;
  if (left.length === 0) return [];
  emit({ type: 'clean-start', why, things: left.length });
  const faults: Fault[] = [];
  let inUse = false;
  for (const group of groups(left.toReversed())) {
    const results = await Promise.all(group.map((one) => remove(one, { ...options, inUse })));
    faults.push(...results.flat());
    // What a machine that stays uses cannot go; there is nothing to wait for.
    if (group[0]?.resource.kind === 'instance' && results.flat().length > 0) inUse = true;
  }
  return faults;
}

function groups(left: readonly Left[]): readonly (readonly Left[])[] {
  const rows: Left[][] = [];
  for (const one of left) {
    const last = rows.at(-1);
    if (last?.[0]?.resource.kind === one.resource.kind) last.push(one);
    else rows.push([one]);
  }
  return rows;
}

async function remove(
  { resource, at }: Left,
  options: RemoveAllOptions & { readonly inUse: boolean },
): Promise<readonly Fault[]> {
  const { cloud, run, emit, signal, onRemoved, inUse } = options;
  const { kind, region } = resource;
  const named = { kind, region, name: resource.id ?? resource.name };
  emit({ type: 'removing', ...named });
  const progress = (text: string) => emit({ type: 'clean-progress', text });
  const attempt = () => {
    const age = Date.now() - Date.parse(at);
    return REMOVERS[kind](resource, { ec2: cloud.ec2(region), run, age, inUse, signal, progress });
  };
  try {
    // A refusal may be one of a moment, and what stays costs money: it is worth another try.
    await attempt().catch(async (error: unknown) => {
      if (error instanceof Fault) throw error;
      await sleep(SECOND_TRY, undefined, { signal }).catch(() => undefined);
      await attempt();
    });
    onRemoved(resource);
    emit({ type: 'removed', ...named });
    return [];
  } catch (thrown) {
    const error = asFault(thrown);
    const faults = faultsOf(error);
    const [fault] = faults ?? [];
    if (!faults || !fault) throw error;
    emit({ type: 'removed', ...named, fault });
    return faults;
  }
}

/** Milliseconds before what was refused is tried again. */
const SECOND_TRY = 1000;
