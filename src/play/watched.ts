/** Layers of variables that tell what is read of them. */

import type { RoleUse } from '../playbook/types.ts';
import type { Layer } from '../template/templar.ts';
import type { Value } from '../value/value.ts';
import type { HostState } from './host-state.ts';
import type { Lineage } from './lineage.ts';
import type { PlayState } from './play-state.ts';
import type { Reads, VariableContext } from './reads.ts';

/** How the layers of one scope are watched. */
export interface Watch {
  readonly reads: Reads;
  readonly host: string;
  readonly context: VariableContext;
}

/** Undefined where nobody wants to know. */
export function watchOf(play: PlayState, host: HostState, lineage: Lineage): Watch | undefined {
  const { reads, order } = play.world;
  if (!reads) return undefined;
  return { reads, host: host.name, context: { play: order.indexOf(play.play), role: roleLabel(play, lineage.role) } };
}

/** Undefined for a role that is included while the play runs: what it holds is read as files. */
export function roleLabel({ play }: Pick<PlayState, 'play'>, role: RoleUse | undefined): string | undefined {
  if (!role || !play.roles.includes(role)) return undefined;
  const same = play.roles.filter(({ name }) => name === role.name);
  const number = same.indexOf(role) + 1;
  return number > 1 ? `${role.name} (${number})` : role.name;
}

/** @param only names that are told; default: all. */
export function watched(watch: Watch | undefined, layer: Layer, only?: ReadonlySet<string>): Layer {
  if (!watch) return layer;
  const get = (name: string): Value | undefined => {
    const value = layer.get(name);
    if (value !== undefined && (!only || only.has(name))) watch.reads.variable(watch.host, watch.context, name, value);
    return value;
  };
  return { ...layer, get };
}

/** The last layer: whoever asks it has found the name nowhere. */
export function nowhere({ reads, host, context }: Watch): Layer {
  const get = (name: string): undefined => {
    reads.variable(host, context, name, undefined);
    return undefined;
  };
  return { get, names: () => [], templated: false };
}
