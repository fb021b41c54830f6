/** One task of the first boot: its condition and its loop are decided now, its programs run then. */

import { Fault } from '../../fault.ts';
import { coerceArguments } from '../../module/check-arguments.ts';
import { expandPaths } from '../../module/expand-paths.ts';
import { largePuts } from '../../module/large-puts.ts';
import { isSteps, type Module, type Result } from '../../module/module.ts';
import { compile } from '../../shell/compile.ts';
import type { Put, Step, Steps } from '../../shell/steps.ts';
import { whereOf } from '../../value/source.ts';
import { fromPlain, toPlain } from '../../value/value.ts';
import { argumentsOf, placeOf, taskHost } from '../action.ts';
import { isHidden, noteArguments } from '../hidden-texts.ts';
import { environmentOf, failingCondition, keywordIs, ownNumber } from '../item.ts';
import { asText, itemLayer, itemsOf, loopControl } from '../loop.ts';
import { filledName } from '../task-name.ts';
import { type ItemRun, render } from '../task-run.ts';
import type { BootItem, BootTask } from './boot-plan.ts';
import { looks, refuseModule, unsupported } from './refuse.ts';

/** Gives a path for a content that is too large for the script. */
type Keep = (step: Put) => string;

/** Undefined for a task that its `when` leaves out. */
export async function compileTask(run: ItemRun, keep: Keep): Promise<Omit<BootTask, 'notifies'> | undefined> {
  const items = await itemsFor(run, keep);
  if (items.length === 0) return undefined;
  const { play, task, lineage, host } = run;
  return {
    name: (task.role ? `${task.role.name} : ` : '') + filledName(play, task, lineage, host, task.name ?? task.action),
    where: task.where,
    items,
    user: placeOf(run).become?.user ?? 'root',
    ignoreErrors: keywordIs(run, 'ignore_errors') || verdict(run, 'failed_when') === false,
    changed: verdict(run, 'changed_when'),
    hidden: isHidden(run),
    retries: Math.max(0, ownNumber(run, 'retries') ?? 0),
    delay: Math.max(0, ownNumber(run, 'delay') ?? 5),
  };
}

async function itemsFor(run: ItemRun, keep: Keep): Promise<readonly BootItem[]> {
  const { task, scope, templar } = run;
  if (!task.loop) return failingCondition(run) === undefined ? [await itemOf(run, undefined, keep)] : [];
  const items = itemsOf(task, scope, templar) ?? [];
  const control = loopControl(task, scope, templar);
  const made: BootItem[] = [];
  for (const [index, item] of items.entries()) {
    const inner = { ...run, scope: scope.with(itemLayer(items, index, control)) };
    if (failingCondition(inner) !== undefined) continue;
    const label = control.label === undefined ? item : render(inner, control.label);
    made.push(await itemOf(inner, asText(label, inner.scope, templar), keep));
  }
  return made;
}

async function itemOf(run: ItemRun, label: string | undefined, keep: Keep): Promise<BootItem> {
  const { name, module } = await moduleOf(run);
  const args = coerceArguments(name, module, argumentsOf(run, [run.task.action, name]), run.task.argsWhere);
  noteArguments(run, { module, args });
  const place = { ...placeOf(run), become: undefined, session: () => refuseHost(run) };
  const host = taskHost(run, place, []);
  if (module.run) {
    if (module.local) return said(run, label, await module.run(args, host));
    const steps = module.unattended?.(await expandPaths(module, args, host));
    if (!steps) throw looks(name, run.task);
    return programOf(run, label, steps, keep);
  }
  const planned = await module.plan(module.local ? args : await expandPaths(module, args, host), host);
  if (!isSteps(planned)) return said(run, label, planned);
  return programOf(run, label, planned, keep);
}

async function moduleOf(run: ItemRun): Promise<{ readonly name: string; readonly module: Module }> {
  const { task } = run;
  const found = await run.play.world.modules.resolve(task.action);
  if (found.kind !== 'module') throw unsupported(`${task.action} cannot be done at the first boot`, task.where);
  if (found.name === 'pause') throw unsupported('pause at the first boot: nobody waits there', task.where);
  refuseModule(found.name, found.module, task);
  return found;
}

function refuseHost(run: ItemRun): never {
  throw unsupported(`${run.task.action} asks the host before it can be compiled`, run.task.argsWhere, {
    hint: 'write paths out, without ~ and $',
  });
}

/** What needs no host is done already: only its words are left for the log. */
function said(run: ItemRun, label: string | undefined, result: Result): BootItem {
  if (result.failed) {
    throw unsupported(`${run.task.action} would fail at every first boot: ${String(result.msg ?? '')}`, run.task.where);
  }
  const { changed: _, skipped, skipped_reason: __, ...rest } = result;
  const [message] = Object.entries(rest).filter(([key]) => !key.startsWith('_') && key !== 'ansible_facts');
  const says = skipped || !message ? undefined : JSON.stringify(toPlain(fromPlain(message[1] ?? null)));
  return { label, program: ':', quiet: [], says };
}

function programOf(run: ItemRun, label: string | undefined, steps: Steps, keep: Keep): BootItem {
  const uploads = new Map(largePuts(steps).map((step) => [step, keep(step)] as const));
  const check = keywordIs(run, 'check_mode');
  const { text, steps: numbered } = compile(steps, { check, diff: false, environment: environmentOf(run), uploads });
  const quiet = numbered.flatMap((step, index) => (isQuiet(step) ? [index] : []));
  return { label, program: text, quiet, says: undefined };
}

/** Where only the output can tell whether something changed, it counts as changed. */
function isQuiet(step: Step): boolean {
  return step.kind === 'run' && step.changed === false;
}

/** `changed_when` and `failed_when` that need no result. */
function verdict(run: ItemRun, name: 'changed_when' | 'failed_when'): boolean | undefined {
  const value = run.task.keywords.get(name);
  if (value === undefined || value === null) return undefined;
  const where = whereOf(run.task.keywords, name) ?? run.task.where;
  try {
    return run.templar.condition(value, run.scope, where);
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    throw unsupported(`${name} cannot be judged at the first boot: ${cause.message}`, where, {
      hint: 'only true and false can; let the exit code of the command tell',
    });
  }
}
