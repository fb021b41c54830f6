/** A task on the hosts of a play: banner, forks, run_once, what each result means for the host. */

import type { Task } from '../playbook/types.ts';
import { dict, fromPlain, type Value } from '../value/value.ts';
import type { TaskInfo } from './events.ts';
import { notify } from './handlers.ts';
import type { HostState } from './host-state.ts';
import { itemRun } from './item-run.ts';
import { booleanKeyword, numberKeyword } from './keyword-values.ts';
import { eachLimited } from './limit.ts';
import { descend, type Keyword, type Lineage, nearest } from './lineage.ts';
import type { PlayState } from './play-state.ts';
import { filledName, taskName } from './task-name.ts';
import { censored, ignores, statusOf } from './task-on-host.ts';
import type { TaskResult, TaskRun } from './task-run.ts';
import type { Upcoming } from './upcoming.ts';
import { scopeOf } from './variables.ts';

export interface HostResult {
  readonly host: HostState;
  readonly result: TaskResult;
  readonly info: TaskInfo;
}

/** Actions that run for the first host only, whatever `run_once` says. */
const BYPASS: ReadonlySet<string> = new Set(['add_host', 'pause']);

let taskCount = 0;

/**
 * Runs a task on the active ones of `hosts`; gives what came of it, in the order of the hosts.
 * @param rest what comes after it, and may be begun before it is done.
 */
export async function runTask(
  play: PlayState,
  task: Task,
  parents: Lineage,
  hosts: readonly HostState[],
  rest?: (host: HostState) => Iterable<Upcoming>,
): Promise<readonly HostResult[]> {
  const lineage = descend(parents, task);
  const active = hosts.filter((host) => host.active);
  if (active.length === 0 || play.stopped || play.world.options.signal.aborted) return [];
  const once = holds(play, lineage, 'run_once');
  const single = once || BYPASS.has(task.action);
  const workers = single ? active.slice(0, 1) : active;
  const info = taskInfo(play, task, lineage, active[0]!);
  play.world.emit({ type: 'task-start', task: info, hosts: workers.map((host) => host.name) });
  const run: TaskRun = { play, task, lineage, info, settles: (host) => (once ? active : [host]) };
  const limit = forks(play, lineage);
  const results = await eachLimited(workers, limit, async (host) => {
    const result = await timed(run, host, rest?.(host) ?? []);
    if (workers.length > limit) await play.courses.of(host).pause();
    return { host, result, info };
  });
  if (once) failOthers(results, active);
  if (isFatal(play, lineage, results, single)) {
    for (const host of play.batch) if (!host.unreachable) host.failed = true;
    play.broken = true;
    play.world.emit({ type: 'no-hosts-left' });
  }
  return results;
}

async function timed(run: TaskRun, host: HostState, rest: Iterable<Upcoming>): Promise<TaskResult> {
  const started = performance.now();
  const { emit } = run.play.world;
  emit({ type: 'host-start', task: run.info, host: host.name });
  const course = run.play.courses.of(host);
  const result = await course.run(run, rest);
  const shown = settle(run, host, result);
  course.settled();
  emit({
    type: 'result',
    task: run.info,
    host: host.name,
    status: statusOf(result),
    result: result.noLog ? censored(result.result) : result.result,
    diff: result.noLog ? [] : result.diff,
    ignored: shown.ignored,
    loop: result.items !== undefined,
    seconds: (performance.now() - started) / 1000,
    ...(result.delegatedTo !== undefined && { delegatedTo: result.delegatedTo }),
    ...(result.fault && !result.noLog && { fault: result.fault }),
  });
  return result;
}

/** Counts a result, marks the host failed or unreachable, notifies handlers. */
function settle(run: TaskRun, host: HostState, result: TaskResult): { ignored: boolean } {
  const status = statusOf(result);
  const { stats } = host;
  switch (status) {
    case 'ok':
    case 'changed':
      if (run.task.action === 'include_tasks' || run.task.action === 'include_role') return { ignored: false }; // Each file counts as it is included.
      stats.ok++;
      if (status === 'changed') {
        stats.changed++;
        notifyHandlers(run, host);
      }
      return { ignored: false };
    case 'skipped':
      stats.skipped++;
      return { ignored: false };
    case 'unreachable': {
      const ignored = passes(run, host, 'ignore_unreachable');
      if (ignored) stats.skipped++;
      else stats.unreachable++;
      host.unreachable = !ignored;
      return { ignored };
    }
    case 'failed':
      return { ignored: fail(run, host, result) };
  }
}

function fail(run: TaskRun, host: HostState, result: TaskResult): boolean {
  if (passes(run, host, 'ignore_errors')) {
    host.stats.ok++;
    host.stats.ignored++;
    if (result.result['changed'] === true) {
      host.stats.changed++;
      notifyHandlers(run, host);
    }
    return true;
  }
  host.failed = true;
  host.failedAlong = false;
  host.stats.failed++;
  host.rescue = dict({ ansible_failed_task: failedTask(run, host), ansible_failed_result: fromPlain(result.result) });
  return false;
}

function passes(run: TaskRun, host: HostState, keyword: 'ignore_errors' | 'ignore_unreachable'): boolean {
  return nearest(run.lineage, keyword) !== undefined && ignores(itemRun(run, host), keyword);
}

function notifyHandlers(run: TaskRun, host: HostState): void {
  if (nearest(run.lineage, 'notify')) notify(itemRun(run, host));
}

function failedTask({ play, task, lineage }: TaskRun, host: HostState): Value {
  return dict({ name: filledName(play, task, lineage, host), action: task.action, args: task.args });
}

/** A failure of `run_once` is a failure of every host that it ran for. */
function failOthers(results: readonly HostResult[], active: readonly HostState[]): void {
  const first = results[0]?.host;
  if (!first?.failed) return;
  for (const host of active) {
    if (host === first) continue;
    host.failed = true;
    host.failedAlong = true;
    host.rescue = first.rescue;
  }
}

/** A keyword that may be a template, as the first host sees it. */
function firstHosts(play: PlayState, lineage: Lineage, { value, where }: Keyword): Value {
  const first = play.batch[0];
  if (!first || typeof value !== 'string') return value;
  return play.world.templar([play.playbookDirectory]).render(value, scopeOf(play, first, lineage), where);
}

function holds(play: PlayState, lineage: Lineage, name: string): boolean {
  const keyword = nearest(lineage, name);
  return keyword !== undefined && booleanKeyword(name, firstHosts(play, lineage, keyword), keyword.where);
}

/** Whether what failed ends the play for all hosts. A task that runs once fails for all of them. */
function isFatal(play: PlayState, lineage: Lineage, results: readonly HostResult[], single: boolean): boolean {
  if (lineage.rescued || !results.some(({ host }) => host.failed || host.unreachable)) return false;
  if (single || holds(play, lineage, 'any_errors_fatal')) return true;
  const limit = nearest(play.lineage, 'max_fail_percentage');
  if (!limit) return false;
  const most = numberKeyword('max_fail_percentage', firstHosts(play, lineage, limit), limit.where);
  return (play.batch.filter((host) => host.failed).length / play.batch.length) * 100 > most;
}

function forks(play: PlayState, lineage: Lineage): number {
  const keyword = nearest(lineage, 'throttle');
  const throttle = keyword ? numberKeyword('throttle', firstHosts(play, lineage, keyword), keyword.where) : 0;
  return throttle > 0 ? Math.min(throttle, play.world.options.forks) : play.world.options.forks;
}

function taskInfo(play: PlayState, task: Task, lineage: Lineage, host: HostState): TaskInfo {
  return {
    id: ++taskCount,
    name: taskName(play, task, lineage, host),
    action: task.action,
    where: task.where,
    handler: lineage.handler,
    check: nearest(lineage, 'check_mode') ? holds(play, lineage, 'check_mode') : play.world.options.check,
  };
}
