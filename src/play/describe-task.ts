/** One task as a run would perform it on a host that nothing is known of yet. */

import manifest from '../../package.json' with { type: 'json' };
import { faultsOf } from '../fault.ts';
import type { Resolution } from '../module/catalog.ts';
import type { Task } from '../playbook/types.ts';
import { type Dict, isDict, type Value } from '../value/value.ts';
import type { DescribedTask } from './description.ts';
import { hashPath } from './hash-path.ts';
import { itemRun } from './item-run.ts';
import { descend, every, type Lineage, levels, merged } from './lineage.ts';
import { lookAtFiles } from './look-at-files.ts';
import { itemLayer, itemsOf, loopControl } from './loop.ts';
import { withoutOmitted } from './omit.ts';
import type { PlayState } from './play-state.ts';
import { renderPartly } from './render-partly.ts';
import { tagsOf } from './tags.ts';
import { taskName } from './task-name.ts';
import type { ItemRun } from './task-run.ts';

/** These say nothing of what a task does, or are told by themselves. */
const UNTOLD: ReadonlySet<Value> = new Set(['name', 'tags', 'when']);

export async function describeTask(play: PlayState, task: Task, parents: Lineage): Promise<DescribedTask> {
  const lineage = descend(parents, task);
  const host = play.batch[0]!;
  const where = task.where;
  const info = { id: 0, name: '', action: task.action, where, handler: lineage.handler, check: true };
  const run = itemRun({ play, task, lineage, info, settles: (one) => [one] }, host);
  const resolution = await play.world.modules.resolve(task.action);
  const loop = loopOf(run);
  const args: Dict[] = [];
  for (const item of loop.runs) {
    const given = argumentsOf(item, [task.action, resolution.kind === 'unknown' ? task.action : resolution.name]);
    if (resolution.kind === 'module') await lookAtFiles(item, resolution.name, resolution.module, given);
    args.push(given);
  }
  return {
    play: play.world.order.indexOf(play.play),
    name: taskName(play, task, lineage, host),
    module: resolution.kind === 'unknown' ? task.action : resolution.name,
    version: versionOf(resolution),
    where,
    role: lineage.role?.name,
    handler: lineage.handler,
    tags: [...tagsOf(lineage)].sort(),
    args,
    when: every(lineage, 'when').map(({ value }) => value),
    keywords: keywordsOf(lineage),
    vars: new Map([...levels(lineage)].reverse().flatMap(({ vars }) => [...vars])),
    loop: loop.value,
  };
}

/** A run for each item, where the items are known; else one that has none. */
function loopOf(run: ItemRun): { readonly value: Value | undefined; readonly runs: readonly ItemRun[] } {
  const { task, scope, templar } = run;
  if (!task.loop) return { value: undefined, runs: [run] };
  try {
    const items = itemsOf(task, scope, templar) ?? [];
    const control = loopControl(task, scope, templar);
    const runs = items.map((_, index) => ({ ...run, scope: scope.with(itemLayer(items, index, control)) }));
    return { value: items, runs };
  } catch (error) {
    if (!faultsOf(error)) throw error;
    const { loop } = task;
    return { value: loop.kind === 'with' ? [loop.plugin, loop.items] : loop.items, runs: [run] };
  }
}

/** As a run fills them in, with `module_defaults` below them. */
function argumentsOf(run: ItemRun, names: readonly string[]): Dict {
  const fill = (value: Value) => renderPartly(value, () => run.scope.with(), run.templar);
  const all = new Map<Value, Value>();
  for (const [key, own] of merged(every(run.lineage, 'module_defaults'))) {
    const short = String(key).replace(/^ansible\.(builtin|legacy)\./, '');
    if (names.includes(short) && isDict(own)) for (const [name, item] of own) all.set(name, fill(item));
  }
  const given = run.task.argsTemplate === undefined ? null : fill(run.task.argsTemplate);
  if (isDict(given)) for (const [name, item] of given) all.set(name, item);
  else if (given !== null) all.set('_args', given);
  for (const [name, value] of run.task.args) all.set(name, fill(value));
  const kept = withoutOmitted(all);
  return isDict(kept) ? kept : all;
}

function keywordsOf(lineage: Lineage): ReadonlyMap<string, readonly Value[]> {
  const found = new Map<string, Value[]>();
  for (const { keywords } of [...levels(lineage)].reverse()) {
    for (const [name, value] of keywords) {
      if (!UNTOLD.has(name)) found.set(String(name), [...(found.get(String(name)) ?? []), value]);
    }
  }
  return found;
}

function versionOf(resolution: Resolution): string {
  const path = resolution.kind === 'module' ? resolution.path : undefined;
  return path === undefined ? `playbake ${manifest.version}` : `sha256:${hashPath(path) ?? ''}`;
}
