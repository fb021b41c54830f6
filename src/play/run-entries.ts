/** Tasks and blocks in order, every host in step: a block's rescue for the hosts that failed in it, its always for all. */

import type { Where } from '../fault.ts';
import type { Block, Entry, Task } from '../playbook/types.ts';
import { isTemplate } from '../template/templar.ts';
import type { Value } from '../value/value.ts';
import { keepForFirstBoot } from './first-boot/later.ts';
import type { HostState } from './host-state.ts';
import { runInclude } from './include.ts';
import { descend, type Lineage } from './lineage.ts';
import { runMeta } from './meta.ts';
import type { PlayState } from './play-state.ts';
import { rolesDone } from './roles-done.ts';
import { runTask } from './run-task.ts';
import { isSelected, tagsOf } from './tags.ts';
import { taskName } from './task-name.ts';
import { type Rest, upcoming } from './upcoming.ts';
import { scopeOf } from './variables.ts';

/** @param after what comes next, where these entries are surely followed by it. */
export async function runEntries(
  play: PlayState,
  entries: readonly Entry[],
  parents: Lineage,
  hosts: readonly HostState[],
  after?: Rest,
): Promise<void> {
  for (const [index, entry] of entries.entries()) {
    if (play.stopped || play.world.options.signal.aborted) return;
    const rest = { entries, next: index + 1, parents, after };
    if (entry.kind === 'block') await runBlock(play, entry, parents, hosts, rest);
    else await runEntry(play, entry, parents, hosts, rest);
  }
}

async function runEntry(
  play: PlayState,
  task: Task,
  parents: Lineage,
  hosts: readonly HostState[],
  rest: Rest,
): Promise<void> {
  const lineage = descend(parents, task);
  const tags = tagsOf(lineage, (value, where) => renderTags(play, lineage, value, where));
  const { tags: only, skipTags } = play.world.options;
  if (!isSelected(tags, only, skipTags)) return keepForFirstBoot({ play, task, parents }, tags, hosts);
  if (!hosts.some((host) => host.active)) return;
  if (task.action === 'meta') return runMeta(play, task, parents, hosts);
  if (!(await isConfirmed(play, task, lineage))) return;
  if (task.action === 'include_tasks' || task.action === 'include_role') return runInclude(play, task, parents, hosts);
  await runTask(play, task, parents, hosts, () => upcoming(play, rest));
}

async function runBlock(
  play: PlayState,
  block: Block,
  parents: Lineage,
  hosts: readonly HostState[],
  rest: Rest,
): Promise<void> {
  const lineage = descend(parents, block);
  const active = hosts.filter((host) => host.active);
  const done = rolesDone(play, block, lineage);
  const entered = done ? active.filter((host) => !done.has(host)) : active;
  if (entered.length === 0) return;
  const before = entered.map(tasksRun);
  const guarded = block.rescue.length > 0 ? { ...lineage, rescued: true } : lineage;
  const isPlain = block.rescue.length === 0 && block.always.length === 0;
  await runEntries(play, block.block, guarded, entered, isPlain ? rest : undefined);
  const failed = entered.filter((host) => host.failed && !host.unreachable);
  if (block.rescue.length > 0 && failed.length > 0) await rescue(play, block, lineage, failed);
  if (block.always.length > 0) await always(play, block, lineage, entered);
  for (const [index, host] of entered.entries()) if (tasksRun(host) !== before[index]) done?.add(host);
}

async function rescue(play: PlayState, block: Block, lineage: Lineage, hosts: readonly HostState[]): Promise<void> {
  for (const host of hosts) {
    host.failed = false;
    if (host.failedAlong) continue;
    host.stats.failed--;
    host.stats.rescued++;
  }
  await runEntries(play, block.rescue, lineage, hosts);
}

/** Also for hosts that failed: they stay failed afterwards. */
async function always(play: PlayState, block: Block, lineage: Lineage, hosts: readonly HostState[]): Promise<void> {
  const failed = hosts.filter((host) => host.failed);
  for (const host of failed) host.failed = false;
  await runEntries(play, block.always, lineage, hosts);
  for (const host of failed) host.failed = true;
}

/** A role whose tasks were all skipped did not run. */
function tasksRun({ stats }: HostState): number {
  return stats.ok + stats.failed + stats.unreachable + stats.rescued;
}

function renderTags(play: PlayState, lineage: Lineage, value: Value, where: Where | undefined): Value {
  const first = play.batch[0];
  if (!first || !JSON.stringify(value).includes('{{')) return value;
  return play.world.templar([play.playbookDirectory]).render(value, scopeOf(play, first, lineage), where);
}

/** `--start-at-task` and `--step`. */
async function isConfirmed(play: PlayState, task: Task, lineage: Lineage): Promise<boolean> {
  const { progress } = play.world;
  const name = taskName(play, task, lineage);
  if (progress.startAt !== undefined) {
    if (!matches(name, progress.startAt) && !matches(task.name ?? '', progress.startAt)) return false;
    progress.startAt = undefined;
  }
  if (!progress.step) return true;
  const answer = await progress.step(name);
  if (answer === 'continue') progress.step = undefined;
  return answer !== 'no';
}

function matches(name: string, pattern: string): boolean {
  if (name === pattern) return true;
  if (isTemplate(pattern) || !/[*?[]/.test(pattern)) return false;
  const expression = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 's').test(name);
}
