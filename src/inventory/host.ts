import type { Dict } from '../value/value.ts';
import type { GroupNode } from './group.ts';
import { Variables } from './merge-vars.ts';

export interface Host {
  readonly name: string;
  /** From the inventory's own lines, scripts and `add_host`. */
  readonly vars: Dict;
  /** localhost that no inventory names. */
  readonly implicit: boolean;
  /** The inventory file, script or list of hosts that named it first; undefined for `add_host`. */
  readonly source: string | undefined;
}

/** A host as readers and `add_host` build it. */
export class HostNode implements Host {
  readonly name: string;
  readonly source: string | undefined;
  readonly implicit: boolean;
  /** Those that name it themselves. */
  readonly groups = new Set<GroupNode>();
  readonly #vars = new Variables();

  constructor(name: string, source: string | undefined, implicit = false) {
    this.name = name;
    this.source = source;
    this.implicit = implicit;
  }

  get vars(): Dict {
    return this.#vars.merged;
  }

  addVars(vars: Dict): void {
    this.#vars.add(vars);
  }
}
