/** The variables of a task on a host, in Ansible's order of precedence. */

import { basename, dirname } from 'node:path';
import { hostVariables } from '../inventory/vars.ts';
import type { RoleUse, Task } from '../playbook/types.ts';
import { type Layer, layer, Scope } from '../template/templar.ts';
import { type Dict, dict, type Value } from '../value/value.ts';
import { cached } from './cached.ts';
import { CONNECTION_VARIABLES } from './connection-variables.ts';
import type { HostState } from './host-state.ts';
import { LazyDict } from './lazy-dict.ts';
import { type Lineage, levels } from './lineage.ts';
import { OMIT } from './omit.ts';
import type { PlayState } from './play-state.ts';
import { varsFilesLayers } from './vars-files.ts';
import { nowhere, type Watch, watched, watchOf } from './watched.ts';

const FINAL = { templated: false };

/** Directories in which a task's files are looked for: its role, the roles that use it, its own file's, the playbook's. */
export function searchPath(play: PlayState, lineage: Lineage, directory: string): readonly string[] {
  const roles = [...rolesOf(lineage)].map((role) => role.path);
  return [...new Set([...roles, directory, play.playbookDirectory])];
}

export function scopeOf(
  play: PlayState,
  host: HostState,
  lineage: Lineage,
  task?: Task,
  near: readonly Layer[] = [],
): Scope {
  const path = searchPath(play, lineage, task?.directory ?? play.playbookDirectory);
  const templar = play.world.templar(path, host.name);
  const watch = watchOf(play, host, lineage);
  const build = (files: readonly Layer[]): Scope => {
    const scope: Scope = new Scope(templar, [
      ...near,
      watched(watch, magic({ play, host, lineage, task, self: () => scope }), TOLD),
      ...layersOf(play, host, lineage, files, watch),
    ]);
    return scope;
  };
  const bare = build([]);
  return play.play.varsFiles.length === 0 ? bare : build(varsFilesLayers(play, host, bare));
}

function layersOf(
  play: PlayState,
  host: HostState,
  lineage: Lineage,
  files: readonly Layer[],
  watch: Watch | undefined,
): readonly Layer[] {
  const roles = [...rolesOf(lineage)];
  const others = [...play.play.roles, ...play.publicRoles].filter((role) => !roles.includes(role)).reverse();
  const ofRole = (role: RoleUse, vars: Dict) =>
    play.play.roles.includes(role) ? watched(watch, layer(vars)) : layer(vars);
  return [
    watched(watch, layer(play.world.extraVars)),
    ...includeParams(lineage),
    ...users(lineage.role).map((role) => layer(role.params)),
    registeredLayer(play, host),
    layer(host.included),
    ...rescueLayers(play, host),
    ...ownVars(lineage),
    ...[...roles, ...others].map((role) => ofRole(role, role.vars)),
    ...files,
    watched(watch, layer(play.prompted, FINAL)),
    watched(watch, layer(play.play.vars)),
    factsLayer(play, host, watch),
    watched(watch, layer(inventoryVars(play, host.name))),
    ...[...roles, ...others].map((role) => ofRole(role, role.defaults)),
    ...(watch ? [nowhere(watch)] : []),
  ];
}

/** A task before its turn waits for what the tasks before it register. */
function registeredLayer({ turn }: PlayState, host: HostState): Layer {
  const all = layer(host.registered, FINAL);
  if (!turn) return all;
  return {
    ...all,
    get: (name) => {
      turn.waitFor(name, host);
      return all.get(name);
    },
    names: () => {
      turn.wait();
      return all.names();
    },
  };
}

/** Another host may fail before the turn of a task here; where this one fails, what comes after is not run. */
function rescueLayers({ turn }: PlayState, host: HostState): readonly Layer[] {
  const own = host.rescue ? [layer(host.rescue, FINAL)] : [];
  if (!turn || turn.host === host) return own;
  const get = (name: string): undefined => {
    if (name.startsWith('ansible_failed_')) turn.wait();
    return undefined;
  };
  return [{ get, names: () => [], templated: false }, ...own];
}

/** The role of a task, the roles that depend on it or include it, and their dependencies, nearest first. */
function* rolesOf(lineage: Lineage): Iterable<RoleUse> {
  const seen = new Set<RoleUse>();
  for (const { role } of levels(lineage)) {
    for (let one: RoleUse | undefined = role; one; one = one.parent) {
      for (const each of [one, ...allDependencies(one)]) {
        if (!seen.has(each)) yield each;
        seen.add(each);
      }
    }
  }
}

function allDependencies(role: RoleUse): readonly RoleUse[] {
  return role.dependencies.flatMap((each) => [each, ...allDependencies(each)]).reverse();
}

/** A role and those that depend on it: a dependency's parameters are its own. */
function users(role: RoleUse | undefined): readonly RoleUse[] {
  return role ? [role, ...users(role.parent)] : [];
}

function includeParams(lineage: Lineage): Layer[] {
  return [...levels(lineage)].filter((level) => level.include && level.vars.size > 0).map((level) => layer(level.vars));
}

function ownVars(lineage: Lineage): Layer[] {
  return [...levels(lineage)]
    .filter((level) => !level.include && level.parent !== undefined && level.vars.size > 0)
    .map((level) => layer(level.vars));
}

function factsLayer({ turn }: PlayState, host: HostState, watch: Watch | undefined): Layer {
  const fact = (name: string): Value | undefined => {
    const value = host.facts.get(name);
    if (value !== undefined) watch?.reads.fact(host.name, name, value);
    return value;
  };
  const get = (name: string): Value | undefined => {
    if (!name.startsWith('ansible_')) return undefined;
    if (!CONNECTION_VARIABLES.has(name)) turn?.waitForFacts(host);
    if (name === 'ansible_facts')
      return watch ? new LazyDict(fact, () => [...host.facts.keys()].map(String)) : host.facts;
    return fact(name.slice('ansible_'.length));
  };
  return {
    get,
    names: () => ['ansible_facts', ...[...host.facts.keys()].map((key) => `ansible_${String(key)}`)],
    templated: false,
  };
}

const inventoryCache = new WeakMap<object, Map<string, Dict>>();

/** add_host and group_by change what hosts inherit. */
export function forgetInventoryVars(inventory: object): void {
  inventoryCache.delete(inventory);
}

/** Levels 3 to 10 for a host, read once per playbook directory. */
function inventoryVars(play: PlayState, name: string): Dict {
  const { inventory, findings } = play.world;
  const cache = cached(inventoryCache, inventory, () => new Map<string, Dict>());
  return cached(cache, `${play.playbookDirectory} ${name}`, () => {
    const vars = hostVariables(inventory, name, { playbookDirectory: play.playbookDirectory, findings });
    findings.check();
    return vars;
  });
}

/** Whose magic variables they are. */
interface Seen {
  readonly play: PlayState;
  readonly host: HostState;
  readonly lineage: Lineage;
  readonly task: Task | undefined;
  readonly self: () => Scope;
}

const names = (hosts: readonly HostState[]): Value => hosts.map((one) => one.name);
const active = (hosts: readonly HostState[]): Value => names(hosts.filter((one) => !one.failed && !one.unreachable));

/** Variables that the engine itself gives: nobody can override them. */
const MAGIC: { readonly [name: string]: (seen: Seen) => Value | undefined } = {
  inventory_hostname: ({ host }) => host.name,
  inventory_hostname_short: ({ host }) => host.name.split('.')[0] ?? host.name,
  inventory_file: ({ play, host }) => play.world.inventory.inventoryFile(host.name) ?? null,
  inventory_dir: ({ play, host }) => play.world.inventory.inventoryDir(host.name) ?? null,
  group_names: ({ play, host }) => [...play.world.inventory.groupNames(host.name)],
  groups: ({ play }) => new Map([...play.world.inventory.groupMap()].map(([name, hosts]) => [name, [...hosts]])),
  hostvars: ({ play }) => hostvars(play),
  vars: ({ self }) =>
    new LazyDict(
      (name) => self().get(name),
      () => self().names(),
    ),
  omit: () => OMIT,
  play_hosts: ({ play }) => active(play.batch),
  ansible_play_hosts: ({ play }) => active(play.allHosts),
  ansible_play_hosts_all: ({ play }) => names(play.allHosts),
  ansible_play_batch: ({ play }) => active(play.batch),
  ansible_play_name: ({ play }) => play.title,
  playbook_dir: ({ play }) => play.playbookDirectory,
  ansible_check_mode: ({ play }) => play.world.options.check,
  ansible_diff_mode: ({ play }) => play.world.options.diff,
  ansible_verbosity: ({ play }) => play.world.options.verbosity,
  ansible_forks: ({ play }) => play.world.options.forks,
  ansible_run_tags: ({ play }) => (play.world.options.tags.length > 0 ? [...play.world.options.tags] : ['all']),
  ansible_skip_tags: ({ play }) => [...play.world.options.skipTags],
  ansible_limit: ({ play }) => play.world.options.limit,
  ansible_inventory_sources: ({ play }) => [...play.world.inventory.sources],
  ansible_version: () => VERSION,
  ansible_search_path: ({ play, lineage, task }) => [
    ...searchPath(play, lineage, task?.directory ?? play.playbookDirectory),
  ],
  ansible_role_names: ({ play }) => roleNames(play, () => true),
  ansible_play_role_names: ({ play }) => usedRoles(play),
  ansible_dependent_role_names: ({ play }) => roleNames(play, (one) => one.parent !== undefined),
  role_names: ({ play }) => usedRoles(play),
  ansible_role_name: ({ lineage }) => lineage.role?.name,
  role_name: ({ lineage }) => lineage.role && basename(lineage.role.name),
  role_path: ({ lineage }) => lineage.role?.path,
  ansible_parent_role_names: ({ lineage }) => including(lineage, 'name'),
  ansible_parent_role_paths: ({ lineage }) => including(lineage, 'path'),
  playbake_mode: ({ play }) => play.world.options.mode ?? 'live',
  ansible_playbook_python: () => '/usr/bin/python3',
  ansible_config_file: () => undefined,
  ansible_play_directory: ({ play }) => dirname(play.play.where.file),
};

/** Those that tell which hosts have not failed. */
const LEFT: ReadonlySet<string> = new Set(['play_hosts', 'ansible_play_hosts', 'ansible_play_batch']);

/** Those that say something of the playbooks and the inventory, and nothing of this very run or of where files lie. */
const TOLD: ReadonlySet<string> = new Set([
  'inventory_hostname',
  'inventory_hostname_short',
  'group_names',
  'groups',
  'ansible_version',
]);

/** Whether a name means the same for every clone of the playbooks: all but the other names that the engine gives. */
export function isTold(name: string): boolean {
  return TOLD.has(name) || !Object.hasOwn(MAGIC, name);
}

function magic(seen: Seen): Layer {
  return {
    get: (name) => {
      if (!Object.hasOwn(MAGIC, name)) return undefined;
      if (LEFT.has(name) && seen.play.allHosts.length > 1) seen.play.turn?.wait();
      return MAGIC[name]?.(seen);
    },
    names: () => Object.keys(MAGIC),
    templated: false,
  };
}

/** The Ansible whose language this is, as playbooks check it: `ansible_version.full is version('2.9', '>=')`. */
const VERSION: Value = dict({ full: '2.18.0', major: 2, minor: 18, revision: 0, string: '2.18.0' });

/** The roles that include or import the one that a task is in, nearest first; undefined where none does. */
function including(lineage: Lineage, key: 'name' | 'path'): Value | undefined {
  const own = users(lineage.role);
  const outer = [...levels(lineage)].flatMap(({ role }) => (role && !own.includes(role) ? [role] : []));
  return outer.length > 0 ? [...new Set(outer)].map((role) => role[key]) : undefined;
}

function usedRoles({ play, publicRoles }: PlayState): Value {
  return [...play.roles, ...publicRoles].filter((one) => !one.parent).map((one) => one.name);
}

function roleNames({ play, publicRoles }: PlayState, wanted: (role: RoleUse) => boolean): Value {
  return [...new Set([...play.roles, ...publicRoles].filter(wanted).map((one) => one.name))];
}

function hostvars(play: PlayState): Dict {
  const { inventory, hosts } = play.world;
  const scopes = new Map<string, Value>();
  return new LazyDict(
    (name) => {
      if (!inventory.host(name)) return undefined;
      let vars = scopes.get(name);
      if (!vars) {
        const scope = scopeOf(play, hosts.of(name), { ...play.lineage, vars: new Map() });
        vars = new LazyDict(
          (key) => scope.get(key),
          () => scope.names(),
        );
        scopes.set(name, vars);
      }
      return vars;
    },
    () => inventory.hosts.keys(),
  );
}
