/** Hosts and groups, and how they belong together. */

import { compareText, equal } from '../value/compare.ts';
import type { Dict, Value } from '../value/value.ts';
import { type Group, GroupNode } from './group.ts';
import { type Host, HostNode } from './host.ts';
import { isLocalhost } from './localhost.ts';

export type { Group } from './group.ts';
export type { Host } from './host.ts';

export class Inventory {
  /** Files, directories and lists of hosts as they were given, paths absolute. */
  readonly sources: string[] = [];
  readonly #hosts = new Map<string, HostNode>();
  readonly #groups = new Map<string, GroupNode>();
  /** What `hostsOf` and `groupMap` answered since the last change. */
  readonly #members = new Map<string, readonly string[]>();
  #groupMap: ReadonlyMap<string, readonly string[]> | undefined;
  readonly #all = this.ensureGroup('all');
  readonly #ungrouped = this.ensureGroup('ungrouped');
  #localhost: HostNode | undefined;

  constructor() {
    this.#all.addChild(this.#ungrouped);
  }

  get hosts(): ReadonlyMap<string, Host> {
    return this.#hosts;
  }

  /** With `all` and `ungrouped`. */
  get groups(): ReadonlyMap<string, Group> {
    return this.#groups;
  }

  /** localhost (127.0.0.1, ::1) is there even when no inventory names it; one that is named stands for all three. */
  host(name: string): Host | undefined {
    return this.#host(name);
  }

  /** In the order in which variables are merged: by depth, priority, name. `all` comes first. */
  groupsOf(host: string): readonly Group[] {
    const groups = new Set([this.#all]);
    for (const group of this.#host(host)?.groups ?? []) {
      groups.add(group);
      for (const above of group.ancestors()) groups.add(above);
    }
    return [...groups].sort((a, b) => a.depth - b.depth || a.priority - b.priority || compareText(a.name, b.name));
  }

  /** As `group_names`: sorted, without `all`. */
  groupNames(host: string): readonly string[] {
    return this.groupsOf(host)
      .map(({ name }) => name)
      .filter((name) => name !== 'all')
      .sort(compareText);
  }

  /** Members of a group and of its descendants, in inventory order. */
  hostsOf(group: string): readonly string[] {
    let hosts = this.#members.get(group);
    if (!hosts) {
      const members = [...(this.#groups.get(group)?.family() ?? [])].flatMap((one) => [...one.members]);
      const shown = group === 'all' ? members.filter(({ implicit }) => !implicit) : members;
      hosts = [...new Set(shown.map(({ name }) => name))];
      this.#members.set(group, hosts);
    }
    return hosts;
  }

  /** As the magic variable `groups`. */
  groupMap(): ReadonlyMap<string, readonly string[]> {
    this.#groupMap ??= new Map([...this.#groups.keys()].map((name) => [name, this.hostsOf(name)]));
    return this.#groupMap;
  }

  /** The file, script or list of hosts that named the host first. */
  inventoryFile(host: string): string | undefined {
    return this.#host(host)?.source;
  }

  /** Undefined for a list of hosts. */
  inventoryDir(host: string): string | undefined {
    const source = this.#host(host)?.source;
    return source?.startsWith('/') ? source.replace(/\/[^/]*$/, '') || '/' : undefined;
  }

  /** `add_host`; true when something changed. */
  addHost(name: string, groups: readonly string[], vars: Dict): boolean {
    const isNew = !this.#hosts.has(name);
    const host = this.ensureHost(name, undefined);
    if (isNew) this.addMember('all', name);
    const differs = [...vars].some(([key, value]) => !host.vars.has(key) || !equal(host.vars.get(key) ?? null, value));
    if (differs) host.addVars(new Map<Value, Value>(vars));
    const joined = groups.map((group) => {
      const isNewGroup = !this.#groups.has(group);
      return this.addMember(group, name) || isNewGroup;
    });
    for (const group of groups) this.#settleGroup(this.ensureGroup(group));
    this.#settleHost(host);
    return isNew || differs || joined.includes(true);
  }

  /** `group_by`; true when the host was not in the group, or the group not below the parents. */
  addToGroup(group: string, host: string, parents: readonly string[] = []): boolean {
    const node = this.ensureGroup(group);
    const placed = parents.map((parent) => this.addChild(parent, group));
    const joined = !this.hostsOf(group).includes(host) && this.addMember(group, host);
    for (const parent of parents) this.#settleGroup(this.ensureGroup(parent));
    this.#settleGroup(node);
    const member = this.#host(host);
    if (member) this.#settleHost(member);
    return joined || placed.includes(true);
  }

  // What readers build with.

  /** A port counts only where the host is named first, as in Ansible. */
  ensureHost(name: string, source: string | undefined, port?: number): HostNode {
    const known = this.#hosts.get(name);
    if (known) return known;
    const host = new HostNode(name, source);
    if (port !== undefined) host.addVars(new Map([['ansible_port', port]]));
    this.#hosts.set(name, host);
    if (isLocalhost(name)) this.#localhost ??= host;
    this.#changed();
    return host;
  }

  ensureGroup(name: string): GroupNode {
    const known = this.#groups.get(name);
    if (known) return known;
    const group = new GroupNode(name);
    this.#groups.set(name, group);
    this.#changed();
    return group;
  }

  hasGroup(name: string): boolean {
    return this.#groups.has(name);
  }

  /** Of a group or a host; where one is called as the other, the group gets them, as in Ansible. */
  addVars(name: string, vars: Dict): void {
    (this.#groups.get(name) ?? this.#host(name))?.addVars(vars);
  }

  /** True when the host, which must be there, is new in the group. */
  addMember(group: string, host: string): boolean {
    const node = this.#host(host);
    const added = node !== undefined && this.ensureGroup(group).addHost(node);
    if (added) this.#changed();
    return added;
  }

  /** It leaves its groups; the host itself, with its variables, is forgotten. */
  removeHost(name: string): void {
    const host = this.#hosts.get(name);
    if (!host) return;
    for (const group of host.groups) group.removeHost(host);
    this.#hosts.delete(name);
    if (this.#localhost === host) this.#localhost = undefined;
    this.#changed();
  }

  /** True when the child is new below the group. Throws a Fault when it is the group itself or above it. */
  addChild(group: string, child: string): boolean {
    const added = this.ensureGroup(group).addChild(this.ensureGroup(child));
    if (added) this.#changed();
    return added;
  }

  /** Every group comes below `all`; hosts of no other group are `ungrouped`. */
  reconcile(): void {
    for (const group of this.#groups.values()) this.#settleGroup(group);
    for (const host of this.#hosts.values()) this.#settleHost(host);
  }

  #host(name: string): HostNode | undefined {
    const found = this.#hosts.get(name);
    if (found || !isLocalhost(name)) return found;
    if (!this.#localhost) {
      this.#localhost = new HostNode(name, undefined, true);
      this.#localhost.addVars(new Map([['ansible_connection', 'local']]));
    }
    return this.#localhost;
  }

  #settleGroup(group: GroupNode): void {
    if (group === this.#all || group.above.size > 0) return;
    this.#all.addChild(group);
    this.#changed();
  }

  #settleHost(host: HostNode): void {
    if (host.implicit) return;
    const isGrouped = [...host.groups].some((group) => group !== this.#all && group !== this.#ungrouped);
    if (isGrouped) this.#ungrouped.removeHost(host);
    else this.#ungrouped.addHost(host);
    this.#changed();
  }

  #changed(): void {
    this.#members.clear();
    this.#groupMap = undefined;
  }
}
