/** A task on one host: its loop, its result, what is registered and shown of it. */

import { fromPlain, toPlain, type Value } from '../value/value.ts';
import type { ResultData, Status } from './events.ts';
import { isHidden } from './hidden-texts.ts';
import type { HostState } from './host-state.ts';
import { failingCondition, fromFault, keywordIs, runItem, skipped } from './item.ts';
import { itemRun } from './item-run.ts';
import { ItemsAhead, overlapOf } from './items-ahead.ts';
import { asText, itemsOf, type LoopControl, loopControl } from './loop.ts';
import { inTime, NotYet } from './not-yet.ts';
import { type ItemResult, type ItemRun, render, type TaskResult, type TaskRun } from './task-run.ts';

export async function runOnHost(task: TaskRun, host: HostState): Promise<TaskResult> {
  const run = await inTime(() => itemRun(task, host));
  const result = await looped(run);
  if (!result.unreachable && result.result['failed'] !== true) task.sent?.();
  await task.turn?.come;
  register(run, result.result);
  return { ...result, noLog: isHidden(run) };
}

async function looped(run: ItemRun): Promise<TaskResult> {
  const items = await inTime(() => listed(run));
  if (items && 'result' in items) return items;
  return items ? runItems(run, items) : runItem(run);
}

/** Undefined where the task does not loop; what came of it where its list cannot be made. */
function listed(run: ItemRun): readonly Value[] | TaskResult | undefined {
  try {
    return itemsOf(run.task, run.scope, run.templar);
  } catch (error) {
    if (error instanceof NotYet) throw error;
    return loopFault(run, error);
  }
}

/** A loop over something undefined is no fault where `when` says that the task is not for this host. */
function loopFault(run: ItemRun, error: unknown): TaskResult {
  try {
    const condition = failingCondition(run);
    if (condition !== undefined) return skipped(condition);
  } catch (other) {
    if (other instanceof NotYet) throw other;
    // The condition needs the item too: the loop's own fault is the one to show.
  }
  return fromFault(error, '');
}

async function runItems(run: ItemRun, items: readonly Value[]): Promise<TaskResult> {
  if (items.length === 0)
    return { result: { changed: false, skipped: true, skipped_reason: 'No items in the list', results: [] }, diff: [] };
  const control = await inTime(() => loopControl(run.task, run.scope, run.templar));
  const results: ItemResult[] = [];
  const ahead = new ItemsAhead(run, items, control, await overlapOf(run, control));
  for (let index = 0; index < items.length; index++) {
    const { scope, done } = await ahead.next();
    await run.turn?.come;
    const item = items[index] ?? null;
    const label = labelOf({ ...run, scope }, item, control);
    const one = { ...(await done), ...label.failed };
    const result = { ...one.result, ...itemKeys(item, index, control) };
    results.push({ ...one, result, item, label: label.text, itemScope: scope });
    showItem({ ...run, scope }, { ...one, result }, label.text);
    if (one.unreachable) break;
  }
  return sumUp(results);
}

function itemKeys(item: Value, index: number, control: LoopControl): ResultData {
  return {
    [control.variable]: toPlain(item),
    ansible_loop_var: control.variable,
    ...(control.indexVariable && { [control.indexVariable]: index, ansible_index_var: control.indexVariable }),
  };
}

function sumUp(results: readonly ItemResult[]): TaskResult {
  const some = (key: string) => results.some(({ result }) => result[key] === true);
  const unreachable = results.find((one) => one.unreachable);
  if (unreachable) return unreachable;
  const skippedAll = results.every(({ result }) => result['skipped'] === true);
  const failed = some('failed');
  return {
    result: {
      changed: some('changed'),
      ...(failed && { failed }),
      skipped: skippedAll,
      msg: failed ? 'One or more items failed' : skippedAll ? 'All items skipped' : 'All items completed',
      results: results.map(({ result }) => result),
    },
    diff: [],
    items: results,
    delegatedTo: results[0]?.delegatedTo,
  };
}

/** What stands for the item where it is shown; a label that cannot be made fails the item. */
function labelOf(run: ItemRun, item: Value, { label }: LoopControl): { text: string; failed?: Partial<TaskResult> } {
  const text = (value: Value) => asText(value, run.scope, run.templar);
  try {
    return { text: text(label === undefined ? item : render(run, label)) };
  } catch (error) {
    const { fault } = fromFault(error);
    const msg = `Failed to template loop_control.label: ${fault?.message ?? ''}`;
    return { text: text(item), failed: { result: { failed: true, msg }, fault } };
  }
}

function showItem(run: ItemRun, one: TaskResult, label: string): void {
  const { play, info, host } = run;
  const hidden = isHidden(run);
  play.world.emit({
    type: 'item',
    task: info,
    host: host.name,
    status: statusOf(one),
    label: hidden ? 'None' : label,
    result: hidden ? censored(one.result) : one.result,
    diff: hidden ? [] : one.diff,
    ignored: one.result['failed'] === true && ignores(run, 'ignore_errors'),
    ...(one.delegatedTo !== undefined && { delegatedTo: one.delegatedTo }),
    ...(one.fault && { fault: one.fault }),
  });
}

export function statusOf({ result, unreachable }: Pick<TaskResult, 'result' | 'unreachable'>): Status {
  if (unreachable) return 'unreachable';
  if (result['failed'] === true) return 'failed';
  if (result['skipped'] === true) return 'skipped';
  return result['changed'] === true ? 'changed' : 'ok';
}

/** What is no boolean has failed the task already. */
export function ignores(run: ItemRun, keyword: 'ignore_errors' | 'ignore_unreachable'): boolean {
  try {
    return keywordIs(run, keyword);
  } catch {
    return false;
  }
}

export function censored(result: ResultData): ResultData {
  return {
    censored: "the output has been hidden due to the fact that 'no_log: true' was specified for this result",
    changed: result['changed'] === true,
    ...(result['failed'] === true && { failed: true }),
    ...(result['skipped'] === true && { skipped: true }),
  };
}

function register(run: ItemRun, result: ResultData): void {
  const name = run.task.keywords.get('register');
  if (typeof name !== 'string') return;
  const value = fromPlain(result['skipped'] === true ? result : { ...result, failed: result['failed'] === true });
  for (const owner of run.settles(run.host)) owner.registered.set(name, value);
}
