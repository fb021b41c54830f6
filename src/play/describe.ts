/** Walks the tasks of a run as it would be on a host, without connecting to it. */

import { Findings } from '../fault.ts';
import { findTaskFile, loadTaskFile } from '../playbook/load.ts';
import type { Entry, Play, Task } from '../playbook/types.ts';
import { isTemplate } from '../template/templar.ts';
import { type Dict, isDict, toPlain, type Value } from '../value/value.ts';
import { codeOf } from './code-of.ts';
import { Courses } from './courses.ts';
import { describeTask } from './describe-task.ts';
import type { DescribedTask, Description, VisibleVariables } from './description.ts';
import { FIRST_BOOT } from './first-boot/boot-plan.ts';
import { Handlers } from './handlers.ts';
import type { HostState } from './host-state.ts';
import { includeContext, includedRole } from './include.ts';
import { descend, type Lineage } from './lineage.ts';
import { Notifications } from './notifications.ts';
import type { PlayState } from './play-state.ts';
import { type Read, Reads } from './reads.ts';
import { playTitle } from './run-play.ts';
import { isSelected, tagsOf } from './tags.ts';
import { templars } from './templars.ts';
import { isTold, scopeOf } from './variables.ts';
import { roleLabel } from './watched.ts';
import { HostStates, type World } from './world.ts';

/** A file that includes itself under a condition is walked no deeper. */
const DEEPEST = 8;

export async function describe(world: World, host: string): Promise<Description> {
  const reads: Read[] = [];
  const own = withoutRun(world, new Reads((_, read) => reads.push(read)));
  const tasks: DescribedTask[] = [];
  for (const play of own.order) {
    const state = stateOf(own, play, own.hosts.of(host));
    for (const { entries } of play.sections) tasks.push(...(await walk(state, entries, state.lineage, 0)));
    tasks.push(...(await walk(state, play.handlers, { ...state.lineage, handler: true }, 0)));
  }
  return {
    tasks,
    reads: reads.filter((read) => read.kind !== 'variable' && read.kind !== 'fact'),
    variables: (name) => own.order.flatMap((play) => visible(stateOf(own, play, own.hosts.of(name)))),
  };
}

/** The same world, in which no host has been met and nothing is shown; its clock stands, so that texts with a time are alike. */
function withoutRun(world: World, reads: Reads): World {
  const emit = () => undefined;
  const templar = templars(emit, reads, { now: () => new Date(0) });
  return { ...world, emit, hosts: new HostStates(), findings: new Findings(), reads, templar };
}

function stateOf(world: World, play: Play, host: HostState): PlayState {
  return {
    world,
    play,
    title: playTitle(play),
    lineage: descend(undefined, { keywords: play.keywords, vars: new Map() }),
    playbookDirectory: play.directory,
    allHosts: [host],
    batch: [host],
    handlers: new Handlers(),
    notifications: new Notifications(),
    courses: new Courses(),
    publicRoles: [],
    stopped: false,
    broken: false,
    prompted: answers(play),
  };
}

function answers({ varsPrompt }: Play): Dict {
  return new Map(varsPrompt.map((entry) => [String(entry.get('name')), entry.get('default') ?? '']));
}

async function walk(
  state: PlayState,
  entries: readonly Entry[],
  parents: Lineage,
  depth: number,
): Promise<readonly DescribedTask[]> {
  const found: DescribedTask[] = [];
  for (const entry of entries) {
    const lineage = descend(parents, entry);
    if (entry.kind === 'block') {
      for (const part of [entry.block, entry.rescue, entry.always]) {
        found.push(...(await walk(state, part, lineage, depth)));
      }
    } else if (isWanted(state, lineage)) {
      const task = await describeTask(state, entry, parents);
      found.push(task);
      if (depth < DEEPEST) found.push(...(await walkIncluded(state, entry, parents, task, depth + 1)));
    }
  }
  return found;
}

/** A bake skips what is for the first boot, and yet puts it into the image. */
function isWanted({ world: { options } }: PlayState, lineage: Lineage): boolean {
  const { mode, tags, skipTags } = options;
  const skipped = mode === 'bake' ? skipTags.filter((tag) => tag !== FIRST_BOOT) : skipTags;
  return isSelected(tagsOf(lineage), tags, skipped);
}

/** What a task includes, for each item of its loop; what cannot be told by now is left to the run. */
async function walkIncluded(
  state: PlayState,
  task: Task,
  parents: Lineage,
  { args }: DescribedTask,
  depth: number,
): Promise<readonly DescribedTask[]> {
  if (task.action !== 'include_tasks' && task.action !== 'include_role') return [];
  const found: DescribedTask[] = [];
  for (const one of args) {
    const apply = one.get('apply');
    const keywords = isDict(apply) ? apply : new Map<Value, Value>();
    const inside = descend(parents, { keywords, vars: task.vars, include: true });
    found.push(...(await walk(state, entriesOf(state, task, parents, one), inside, depth)));
  }
  return found;
}

function entriesOf(state: PlayState, task: Task, parents: Lineage, args: Dict): readonly Entry[] {
  const context = includeContext(state, task, parents);
  const { reads } = state.world;
  const [host] = state.batch;
  const name = args.get('name') ?? args.get('role') ?? args.get('file') ?? args.get('_raw_params');
  if (typeof name !== 'string' || isTemplate(name)) return [];
  const loaded = context.findings.collect((): readonly Entry[] => {
    if (task.action === 'include_tasks') {
      const file = findTaskFile(name, context);
      reads?.file(host?.name ?? '', file);
      return loadTaskFile(file, context);
    }
    const block = includedRole(
      task,
      Object.fromEntries([...args].map(([key, value]) => [key, toPlain(value)])),
      context,
    );
    if (block.role) for (const path of codeOf(block.role)) reads?.file(host?.name ?? '', path);
    return [block, ...(block.role?.handlers ?? [])];
  });
  return loaded ?? [];
}

/** The play by itself, and each role that it uses statically. */
function visible(state: PlayState): readonly VisibleVariables[] {
  const [host] = state.batch;
  const order = state.world.order.indexOf(state.play);
  return [undefined, ...state.play.roles].map((role) => {
    const lineage = descend(state.lineage, { keywords: new Map(), vars: new Map(), role });
    const scope = scopeOf({ ...state, world: { ...state.world, reads: undefined } }, host!, lineage);
    const values = scope.names().flatMap((name): readonly (readonly [string, Value])[] => {
      const value = isTold(name) ? scope.raw(name) : undefined;
      return value === undefined ? [] : [[name, value]];
    });
    return { play: order, role: roleLabel(state, role), values: new Map(values) };
  });
}
