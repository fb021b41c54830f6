/** One play: its hosts in batches, facts, sections, handlers. */

import { placeBuildHost } from '../inventory/build-host.ts';
import { selectHosts } from '../inventory/select.ts';
import type { Play, Task } from '../playbook/types.ts';
import { whereOf } from '../value/source.ts';
import { isList, type Value } from '../value/value.ts';
import { batches } from './batches.ts';
import { asBoolean } from './boolean.ts';
import { isLocal, patternsOf } from './build-machine.ts';
import { Courses } from './courses.ts';
import { isForFirstBoot } from './first-boot/later.ts';
import { flushHandlers } from './flush-handlers.ts';
import { Handlers } from './handlers.ts';
import { HostState } from './host-state.ts';
import { descend, type Lineage } from './lineage.ts';
import { Notifications } from './notifications.ts';
import type { PlayState } from './play-state.ts';
import { promptVars } from './prompt-vars.ts';
import { runEntries } from './run-entries.ts';
import { runTask } from './run-task.ts';
import { isSelected, tagsOf } from './tags.ts';
import { tellWarnings } from './tell-warnings.ts';
import { upcoming } from './upcoming.ts';
import { forgetInventoryVars, scopeOf } from './variables.ts';
import type { World } from './world.ts';

/** False when no later play may run, because every host of a batch failed. */
export async function runPlay(world: World, play: Play): Promise<boolean> {
  const lineage = descend(undefined, { keywords: play.keywords, vars: new Map() });
  const all = hostsOfPlay(world, play, lineage);
  const names = orderHosts(all, play.keywords.get('order'));
  tellWarnings(world.findings, world.emit);
  const title = String(renderEarly(world, play, lineage, playTitle(play)));
  const prompted = await promptVars(world, play);
  const begin = () => world.emit({ type: 'play-start', name: title, hosts: names, where: play.where });
  if (names.length === 0) {
    begin();
    world.emit({ type: 'no-hosts', name: title, where: play.where });
    return true;
  }
  const allHosts = all.map((name) => world.hosts.of(name));
  const ordered = names.map((name) => world.hosts.of(name));
  for (const host of allHosts) host.ended = false;
  const shared = { world, play, title, lineage, playbookDirectory: play.directory, allHosts, prompted };
  for (const batch of batches(ordered, renderSerial(shared, lineage), play)) {
    begin();
    const state = beginBatch(shared, batch.filter(isLeft));
    await runBatch(state);
    if (world.options.signal.aborted) return false;
    if (state.broken || (state.batch.length === batch.length && !batch.some(isLeft))) return false;
    if (state.stopped) break;
  }
  return true;
}

function isLeft(host: HostState): boolean {
  return !host.failed && !host.unreachable;
}

export function playTitle(play: Play): string {
  return play.name ?? (isList(play.hosts) ? play.hosts.map(String).join(',') : String(play.hosts));
}

type Shared = Omit<
  PlayState,
  'batch' | 'notifications' | 'handlers' | 'courses' | 'publicRoles' | 'stopped' | 'broken'
>;

function beginBatch(shared: Shared, batch: readonly HostState[]): PlayState {
  const handlers = new Handlers();
  handlers.add(shared.play.handlers, shared.lineage);
  return {
    ...shared,
    batch,
    handlers,
    notifications: new Notifications(),
    courses: new Courses(),
    publicRoles: [],
    stopped: false,
    broken: false,
  };
}

async function runBatch(state: PlayState): Promise<void> {
  await gatherFacts(state);
  for (const section of state.play.sections) {
    await runEntries(state, section.entries, state.lineage, state.batch);
    if (!state.stopped && !state.world.options.signal.aborted) await flushHandlers(state);
  }
  await state.courses.end();
}

/** The hosts of a play; its pattern may be a template over extra and play variables. */
export function hostsOfPlay(world: World, play: Play, lineage: Lineage): readonly string[] {
  const pattern = renderEarly(world, play, lineage, play.hosts);
  const patterns = patternsOf(pattern);
  const { build } = world.options;
  if (build && !isLocal(patterns)) {
    if (JSON.stringify(play.hosts).includes('{')) {
      placeBuildHost(world.inventory, build, [patterns]);
      forgetInventoryVars(world.inventory);
    }
    return [build.name];
  }
  return selectHosts(world.inventory, patterns, {
    ...(world.options.limit !== undefined && { limit: world.options.limit }),
    findings: world.findings,
    where: whereOf(play.keywords, 'hosts') ?? play.where,
  });
}

/** Before there are hosts, a template sees extra and play variables, as localhost would. */
function renderEarly(world: World, play: Play, lineage: Lineage, value: Value): Value {
  const nothing = { title: playTitle(play), allHosts: [], prompted: new Map() };
  const state: Shared = { world, play, lineage, playbookDirectory: play.directory, ...nothing };
  const scope = scopeOf(beginBatch(state, []), new HostState('localhost'), lineage);
  return world.templar([play.directory]).render(value, scope, play.where);
}

function renderSerial(shared: Shared, lineage: Lineage): Value | undefined {
  const serial = shared.play.keywords.get('serial');
  if (serial === undefined) return undefined;
  return renderEarly(shared.world, shared.play, lineage, serial);
}

function orderHosts(names: readonly string[], order: Value | undefined): readonly string[] {
  switch (order) {
    case 'sorted':
      return [...names].sort();
    case 'reverse_sorted':
      return [...names].sort().reverse();
    case 'reverse_inventory':
      return [...names].reverse();
    case 'shuffle':
      return names
        .map((name) => ({ name, key: Math.random() }))
        .sort((a, b) => a.key - b.key)
        .map(({ name }) => name);
    default:
      return names;
  }
}

/** The implicit first task, tagged `always`. */
async function gatherFacts(state: PlayState): Promise<void> {
  const { keywords, where, directory } = state.play;
  const wanted = keywords.get('gather_facts');
  if (
    wanted !== undefined &&
    wanted !== null &&
    !asBoolean(renderEarly(state.world, state.play, state.lineage, wanted))
  )
    return;
  const own = new Map<Value, Value>([['tags', ['always']]]);
  if (state.play.gatherWhen) own.set('when', state.play.gatherWhen);
  const level = { keywords: own, vars: new Map<Value, Value>() };
  const tags = tagsOf(descend(state.lineage, level));
  const { options } = state.world;
  // What is left for the first boot is compiled now, with the facts that hosts of the image share.
  if (!isSelected(tags, options.tags, options.skipTags) && !isForFirstBoot(tags, options)) return;
  const args = new Map<Value, Value>();
  for (const name of ['gather_subset', 'gather_timeout', 'fact_path']) {
    const value = keywords.get(name);
    if (value !== undefined) args.set(name, value);
  }
  const task: Task = {
    kind: 'task',
    where,
    name: 'Gathering Facts',
    keywords: own,
    vars: new Map(),
    action: 'setup',
    args,
    argsWhere: where,
    loop: undefined,
    role: undefined,
    directory,
  };
  const first = state.play.sections.find(({ entries }) => entries.length > 0);
  const rest = first && { entries: first.entries, next: 0, parents: state.lineage, after: undefined };
  await runTask(state, task, state.lineage, state.batch, () => (rest ? upcoming(state, rest) : []));
  for (const host of state.batch) host.factsGathered = true;
}
