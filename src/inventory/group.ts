import { Fault } from '../fault.ts';
import { inherit, whereOf } from '../value/source.ts';
import type { Dict, Value } from '../value/value.ts';
import type { HostNode } from './host.ts';
import { Variables } from './merge-vars.ts';

export interface Group {
  readonly name: string;
  readonly vars: Dict;
  /** Direct members, in the order they were named. */
  readonly hosts: readonly string[];
  readonly children: readonly string[];
  /** Longest way from `all`. */
  readonly depth: number;
  /** `ansible_group_priority`; default 1. */
  readonly priority: number;
}

const PRIORITY = 'ansible_group_priority';

/** A group as readers, `add_host` and `group_by` build it. */
export class GroupNode implements Group {
  readonly name: string;
  readonly members = new Set<HostNode>();
  readonly below = new Set<GroupNode>();
  readonly above = new Set<GroupNode>();
  readonly #vars = new Variables();
  #depth = 0;
  #priority = 1;

  constructor(name: string) {
    this.name = name;
  }

  get vars(): Dict {
    return this.#vars.merged;
  }

  get hosts(): readonly string[] {
    return [...this.members].map(({ name }) => name);
  }

  get children(): readonly string[] {
    return [...this.below].map(({ name }) => name);
  }

  get depth(): number {
    return this.#depth;
  }

  get priority(): number {
    return this.#priority;
  }

  /** `ansible_group_priority` is no variable, but how strong the others are. Throws a Fault when it is no number. */
  addVars(vars: Dict): void {
    if (!vars.has(PRIORITY)) {
      this.#vars.add(vars);
      return;
    }
    const text = String(vars.get(PRIORITY)).trim();
    if (!/^[-+]?\d+(?:\.0*)?$/.test(text)) {
      throw new Fault('inventory-invalid', `${PRIORITY} must be a whole number, not '${text}'`, {
        where: whereOf(vars, PRIORITY),
      });
    }
    this.#priority = Number(text);
    this.#vars.add(inherit(new Map<Value, Value>([...vars].filter(([name]) => name !== PRIORITY)), vars));
  }

  /** True when the host is new in the group. */
  addHost(host: HostNode): boolean {
    if (this.members.has(host)) return false;
    this.members.add(host);
    host.groups.add(this);
    return true;
  }

  removeHost(host: HostNode): void {
    this.members.delete(host);
    host.groups.delete(this);
  }

  /** True when the group is new below this one. Throws a Fault when it is this one or above it. */
  addChild(group: GroupNode): boolean {
    if (this.below.has(group)) return false;
    // Every group comes below `all`, be it said or not.
    if (group === this || group.name === 'all' || this.ancestors().has(group)) {
      const message = `Adding group '${group.name}' as child to '${this.name}' creates a recursive dependency loop`;
      throw new Fault('inventory-invalid', message, { hint: 'a group cannot be its own ancestor' });
    }
    this.below.add(group);
    group.above.add(this);
    group.#sink(this.#depth + 1);
    return true;
  }

  ancestors(): Set<GroupNode> {
    const found = new Set(this.above);
    for (const group of found) for (const above of group.above) found.add(above);
    return found;
  }

  /** This group, its children, their children …, level by level. */
  family(): Set<GroupNode> {
    const found = new Set<GroupNode>([this]);
    for (const group of found) for (const below of group.below) found.add(below);
    return found;
  }

  #sink(depth: number): void {
    if (depth <= this.#depth) return;
    this.#depth = depth;
    for (const group of this.below) group.#sink(depth + 1);
  }
}
