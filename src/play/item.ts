/** One task on one host for one item: condition, arguments, the module, retries, verdict. */

import { Fault, type FaultCode, faultsOf } from '../fault.ts';
import { layer } from '../template/templar.ts';
import { whereOf } from '../value/source.ts';
import { dict, fromPlain, isDict, toPlain, type Value } from '../value/value.ts';
import { runAction } from './action.ts';
import type { ResultData } from './events.ts';
import { booleanKeyword, numberKeyword } from './keyword-values.ts';
import { every, nearest } from './lineage.ts';
import { inTime, NotYet } from './not-yet.ts';
import { interrupted, sleep } from './sleep.ts';
import { type ItemRun, render, type TaskResult } from './task-run.ts';

/** Never rejects but for an interruption or a bug: a Fault becomes a failed or unreachable result. */
export function runItem(run: ItemRun): Promise<TaskResult> {
  return inTime(() => tryItem(run));
}

async function tryItem(run: ItemRun): Promise<TaskResult> {
  try {
    const refused = failingCondition(run);
    if (refused !== undefined) return skipped(refused);
    for (const name of ['ignore_errors', 'ignore_unreachable']) keywordIs(run, name);
    return await withRetries(run);
  } catch (error) {
    if (run.play.world.options.signal.aborted) throw interrupted();
    return fromFault(error);
  }
}

/** The first `when` that does not hold, as written. */
export function failingCondition(run: Pick<ItemRun, 'lineage' | 'templar' | 'scope'>): string | undefined {
  for (const { value, where } of every(run.lineage, 'when')) {
    try {
      if (!run.templar.condition(value, run.scope, where)) return String(toPlain(value));
    } catch (error) {
      throw explainCondition(error, value);
    }
  }
  return undefined;
}

export function skipped(condition: string): TaskResult {
  return {
    result: { changed: false, skipped: true, skip_reason: 'Conditional result was False', false_condition: condition },
    diff: [],
  };
}

const UNREACHABLE: ReadonlySet<FaultCode> = new Set([
  'host-unresolved',
  'host-unreachable',
  'host-key-unknown',
  'host-key-changed',
  'auth-failed',
  'key-invalid',
  'connection-lost',
  'connection-timeout',
]);

const UNDEFINED = 'The task includes an option with an undefined variable. The error was: ';

/** @param lead what stands before the name of an undefined variable. */
export function fromFault(error: unknown, lead = UNDEFINED): TaskResult {
  const fault = error instanceof NotYet ? undefined : faultsOf(error)?.[0];
  if (!fault || fault.code === 'interrupted') throw error;
  const msg = messageOf(fault, lead);
  if (UNREACHABLE.has(fault.code)) {
    return { result: { changed: false, msg, unreachable: true }, diff: [], fault, unreachable: true };
  }
  return { result: { failed: true, msg }, diff: [], fault };
}

function messageOf({ code, message, hint }: Fault, lead: string): string {
  const led = code === 'template-undefined' && !message.startsWith('The conditional check') ? lead + message : message;
  return hint ? `${led}\n\n${hint}` : led;
}

/** The fault of a condition, in Ansible's words. */
export function explainCondition(error: unknown, condition: Value): unknown {
  if (!(error instanceof Fault)) return error;
  const test = String(toPlain(condition));
  const lead = `The conditional check '${test}' failed. The error was: error while evaluating conditional (${test}): `;
  return new Fault(error.code, lead + error.message, { where: error.where, hint: error.hint, cause: error });
}

/** As Ansible counts: `retries` come after the first attempt, and without `until` a task is done when it did not fail. */
async function withRetries(run: ItemRun): Promise<TaskResult> {
  const until = run.task.keywords.get('until') ?? undefined;
  const retries = retriesOf(run, until);
  const delay = Math.max(0, ownNumber(run, 'delay') ?? 5);
  for (let attempt = 1; ; attempt++) {
    const tried = await runAction(run);
    const result = judge(run, until === undefined ? tried : withAttempts(tried, attempt));
    if (retries === 0 || result.unreachable || isLeftOut(run, result) || isDone(run, until, result)) return result;
    if (attempt > retries) {
      const last = withAttempts(result, retries);
      return { ...last, result: { ...last.result, failed: true } };
    }
    const { play, info, host } = run;
    const retriesLeft = retries + 1 - attempt;
    play.world.emit({ type: 'retry', task: info, host: host.name, attempt, retriesLeft, result: result.result });
    await sleep(delay, play.world.options.signal);
  }
}

/** What is not done while an image is made has no result to judge, and never will. */
function isLeftOut({ play }: ItemRun, { result }: TaskResult): boolean {
  return play.world.options.mode === 'bake' && result['skipped'] === true;
}

function retriesOf(run: ItemRun, until: Value | undefined): number {
  return Math.max(0, ownNumber(run, 'retries') ?? (until === undefined ? 0 : 3));
}

/** A number among the task's own keywords. */
export function ownNumber(run: ItemRun, name: string): number | undefined {
  const written = run.task.keywords.get(name);
  if (written === undefined || written === null) return undefined;
  const where = whereOf(run.task.keywords, name);
  return numberKeyword(name, render(run, written, where), where);
}

function withAttempts(result: TaskResult, attempt: number): TaskResult {
  return { ...result, result: { ...result.result, attempts: attempt } };
}

function isDone(run: ItemRun, until: Value | undefined, { result }: TaskResult): boolean {
  if (until === undefined || until === null) return !result['failed'];
  return run.templar.condition(until, withRegistered(run, result), whereOf(run.task.keywords, 'until'));
}

/** The result under its registered name, for conditions that judge it. */
function withRegistered(run: ItemRun, result: ResultData) {
  const name = run.task.keywords.get('register');
  if (typeof name !== 'string') return run.scope;
  return run.scope.with(layer(dict({ [name]: fromPlain(result) }), { templated: false }));
}

/** `changed_when` and `failed_when`, each of which may be a list that must hold. */
function judge(run: ItemRun, outcome: TaskResult): TaskResult {
  if (outcome.unreachable || outcome.result['skipped'] === true) return outcome;
  const failedWhen = nearest(run.lineage, 'failed_when');
  const changedWhen = nearest(run.lineage, 'changed_when');
  let { result } = outcome;
  if (outcome.fault && !failedWhen) return outcome;
  if (changedWhen) {
    const changed = run.templar.condition(changedWhen.value, withRegistered(run, result), changedWhen.where);
    result = { ...result, changed };
  }
  if (failedWhen) {
    const failed = run.templar.condition(failedWhen.value, withRegistered(run, result), failedWhen.where);
    result = { ...result, failed, failed_when_result: failed };
  }
  return { ...outcome, result };
}

/** The `environment` of a task: every level's mappings, the innermost winning. */
export function environmentOf(run: ItemRun): Readonly<Record<string, string>> {
  const environment: Record<string, string> = {};
  for (const { value, where } of every(run.lineage, 'environment')) {
    const rendered = render(run, value, where);
    if (!isDict(rendered)) continue;
    for (const [name, item] of rendered)
      environment[String(name)] = String(item instanceof Object ? toPlain(item) : (item ?? ''));
  }
  return environment;
}

export function keywordIs(run: ItemRun, name: string): boolean {
  const keyword = nearest(run.lineage, name);
  return keyword !== undefined && booleanKeyword(name, render(run, keyword.value, keyword.where), keyword.where);
}
