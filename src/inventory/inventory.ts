/** Hosts and groups, and how they belong together. */

import type { Dict, Value } from '../value/value.ts';

export interface Host {
  readonly name: string;
  /** From the inventory's own lines, scripts and `add_host`. */
  readonly vars: Dict;
  /** localhost that no inventory names. */
  readonly implicit: boolean;
  /** The file or directory whose group_vars and host_vars apply. */
  readonly source: string | undefined;
}

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

interface HostEntry {
  readonly name: string;
  readonly vars: Map<Value, Value>;
  readonly implicit: boolean;
  source: string | undefined;
}

interface GroupEntry {
  readonly name: string;
  readonly vars: Map<Value, Value>;
  readonly hosts: Set<string>;
  readonly children: Set<string>;
}

const LOCALHOST: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1']);

export class Inventory {
  /** Files and directories that were read. */
  readonly sources: string[] = [];
  readonly #hosts = new Map<string, HostEntry>();
  readonly #groups = new Map<string, GroupEntry>();
  #localhost: HostEntry | undefined;

  constructor() {
    this.ensureGroup('all');
    this.ensureGroup('ungrouped');
    this.addChild('all', 'ungrouped');
  }

  get hosts(): ReadonlyMap<string, Host> {
    return this.#hosts;
  }

  get groups(): ReadonlyMap<string, Group> {
    return new Map([...this.#groups.keys()].map((name) => [name, this.group(name)!]));
  }

  group(name: string): Group | undefined {
    const entry = this.#groups.get(name);
    if (!entry) return undefined;
    const priority = Number(entry.vars.get('ansible_group_priority') ?? 1);
    return {
      name,
      vars: entry.vars,
      hosts: [...entry.hosts],
      children: [...entry.children],
      depth: this.#depth(name),
      priority,
    };
  }

  /** localhost is there even when no inventory names it. */
  host(name: string): Host | undefined {
    const found = this.#hosts.get(name);
    if (found || !LOCALHOST.has(name)) return found;
    const named = [...LOCALHOST].map((one) => this.#hosts.get(one)).find(Boolean);
    if (named && name !== 'localhost') return named;
    this.#localhost ??= {
      name,
      vars: new Map<Value, Value>([['ansible_connection', 'local']]),
      implicit: true,
      source: undefined,
    };
    return this.#localhost;
  }

  /** In the order in which variables are merged: by depth, priority, name. `all` comes first. */
  groupsOf(host: string): readonly Group[] {
    const names = new Set<string>(['all']);
    for (const { name, hosts } of this.#groups.values()) if (hosts.has(host)) this.#collectParents(name, names);
    const groups = [...names].flatMap((name) => this.group(name) ?? []);
    return groups.sort((a, b) => a.depth - b.depth || a.priority - b.priority || (a.name < b.name ? -1 : 1));
  }

  /** As `group_names`: sorted, without `all`. */
  groupNames(host: string): readonly string[] {
    return this.groupsOf(host)
      .map(({ name }) => name)
      .filter((name) => name !== 'all')
      .sort();
  }

  /** Members of a group and of its descendants, in inventory order. */
  hostsOf(group: string): readonly string[] {
    const hosts = new Set<string>();
    for (const name of this.#descendants(group))
      for (const host of this.#groups.get(name)?.hosts ?? []) hosts.add(host);
    return [...hosts];
  }

  /** As the magic variable `groups`. */
  groupMap(): ReadonlyMap<string, readonly string[]> {
    return new Map([...this.#groups.keys()].map((name) => [name, this.hostsOf(name)]));
  }

  inventoryFile(host: string): string | undefined {
    return this.host(host)?.source;
  }

  inventoryDir(host: string): string | undefined {
    return this.host(host)?.source?.replace(/\/[^/]*$/, '');
  }

  /** `add_host`; true when something changed. */
  addHost(name: string, groups: readonly string[], vars: Dict): boolean {
    let changed = !this.#hosts.has(name);
    const host = this.ensureHost(name, undefined);
    for (const [key, value] of vars) {
      if (JSON.stringify(host.vars.get(key)) !== JSON.stringify(value)) changed = true;
      host.vars.set(key, value);
    }
    for (const group of groups) changed = this.addToGroup(group, name) || changed;
    this.reconcile();
    return changed;
  }

  /** `group_by`; true when the host was not in the group. */
  addToGroup(group: string, host: string, parents: readonly string[] = []): boolean {
    const entry = this.ensureGroup(group);
    for (const parent of parents) this.addChild(parent, group);
    if (entry.hosts.has(host)) return false;
    entry.hosts.add(host);
    this.reconcile();
    return true;
  }

  // What readers build with.

  ensureHost(name: string, source: string | undefined): HostEntry {
    let host = this.#hosts.get(name);
    if (!host) {
      host = { name, vars: new Map(), implicit: false, source };
      this.#hosts.set(name, host);
    }
    host.source ??= source;
    return host;
  }

  ensureGroup(name: string): GroupEntry {
    let group = this.#groups.get(name);
    if (!group) {
      group = { name, vars: new Map(), hosts: new Set(), children: new Set() };
      this.#groups.set(name, group);
    }
    return group;
  }

  hasGroup(name: string): boolean {
    return this.#groups.has(name);
  }

  /** False when the child is an ancestor of the group. */
  addChild(group: string, child: string): boolean {
    const parents = new Set<string>();
    this.#collectParents(group, parents);
    if (parents.has(child)) return false;
    this.ensureGroup(child);
    this.ensureGroup(group).children.add(child);
    return true;
  }

  /** Every group comes below `all`; hosts of no other group are `ungrouped`. */
  reconcile(): void {
    const grouped = new Set<string>();
    const below = new Set([...this.#groups.values()].flatMap(({ children }) => [...children]));
    for (const { name, hosts } of this.#groups.values()) {
      if (name !== 'all' && !below.has(name)) this.#groups.get('all')?.children.add(name);
      if (name !== 'all' && name !== 'ungrouped') for (const host of hosts) grouped.add(host);
    }
    const ungrouped = this.ensureGroup('ungrouped');
    for (const name of this.#hosts.keys()) {
      if (grouped.has(name)) ungrouped.hosts.delete(name);
      else ungrouped.hosts.add(name);
    }
  }

  #collectParents(name: string, into: Set<string>): void {
    if (into.has(name)) return;
    into.add(name);
    for (const parent of this.#groups.values()) if (parent.children.has(name)) this.#collectParents(parent.name, into);
  }

  #depth(name: string, seen: ReadonlySet<string> = new Set()): number {
    if (name === 'all' || seen.has(name)) return 0;
    const parents = [...this.#groups.values()].filter(({ children }) => children.has(name));
    return 1 + Math.max(0, ...parents.map((parent) => this.#depth(parent.name, new Set([...seen, name]))));
  }

  /** The group, its children, their children …, level by level. */
  #descendants(name: string): Set<string> {
    const ordered = new Set([name]);
    for (const group of ordered) for (const child of this.#groups.get(group)?.children ?? []) ordered.add(child);
    return ordered;
  }
}
