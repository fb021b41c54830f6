/** Removes what was made, in reverse. */

import { type Fault, faultsOf } from '../../fault.ts';
import type { Cloud } from '../cloud/cloud.ts';
import { asFault } from '../cloud/cloud-error.ts';
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
  for (const group of groups(left.toReversed())) {
    const results = await Promise.all(group.map((one) => remove(one, options)));
    faults.push(...results.flat());
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

async function remove({ resource, at }: Left, options: RemoveAllOptions): Promise<readonly Fault[]> {
  const { cloud, run, emit, signal, onRemoved } = options;
  const { kind, region } = resource;
  const named = { kind, region, name: resource.id ?? resource.name };
  emit({ type: 'removing', ...named });
  try {
    const age = Date.now() - Date.parse(at);
    const progress = (text: string) => emit({ type: 'clean-progress', text });
    await REMOVERS[kind](resource, { ec2: cloud.ec2(region), run, age, signal, progress });
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
