/** A task's action: its arguments are filled in, its module found and performed, here or on the host it is delegated to. */

import type { Become, Target } from '../connection/connection.ts';
import type { Session } from '../connection/session.ts';
import { Fault } from '../fault.ts';
import { coerceArguments } from '../module/check-arguments.ts';
import type { Module } from '../module/module.ts';
import { perform } from '../module/perform.ts';
import { inherit, whereOf } from '../value/source.ts';
import { fromPlain, isDict, toPlain, type Value } from '../value/value.ts';
import { refuseDelegation } from './check-delegation.ts';
import { contentDiff } from './diff.ts';
import { runEngineAction } from './engine-action.ts';
import type { ResultData } from './events.ts';
import { noteArguments, noteResult } from './hidden-texts.ts';
import type { HostState } from './host-state.ts';
import { isImage, modeOf } from './image.ts';
import { environmentOf, keywordIs, ownNumber } from './item.ts';
import { startJob } from './job.ts';
import { numberKeyword } from './keyword-values.ts';
import { every, nearest } from './lineage.ts';
import { withoutOmitted } from './omit.ts';
import { becomeOf, targetOf } from './target.ts';
import { TaskHost } from './task-host.ts';
import { type ItemRun, render, type TaskResult } from './task-run.ts';
import { scopeOf } from './variables.ts';

export async function runAction(run: ItemRun): Promise<TaskResult> {
  const resolution = await run.play.world.modules.resolve(run.task.action);
  switch (resolution.kind) {
    case 'action':
      noteArguments(run);
      return runEngineAction(run, resolution.name, argumentsOf(run, [run.task.action]));
    case 'module':
      return runModule(run, resolution.name, resolution.module);
    case 'lacking':
      throw new Fault('module-unsupported', `playbake has no module ${run.task.action} yet`, { where: run.task.where });
    case 'unknown':
      throw new Fault('module-unknown', `couldn't resolve module/action '${run.task.action}'`, {
        where: run.task.where,
      });
  }
}

async function runModule(run: ItemRun, name: string, module: Module): Promise<TaskResult> {
  const args = coerceArguments(name, module, argumentsOf(run, [run.task.action, name]), run.task.argsWhere);
  const place = placeOf(run);
  noteArguments(run, { module, args });
  const warnings: string[] = [];
  // What is read of this machine's files may be what an earlier task writes, where that runs here.
  const isHere = !module.local && place.target.kind === 'local';
  if (isHere) run.turn?.wait();
  const host = taskHost(isHere ? { ...run, sent: undefined } : run, place, warnings);
  const seconds = ownNumber(run, 'async') ?? 0;
  if (seconds > 0 && !module.local) return startJob(run, { name, module, args, host, place, seconds });
  const performing = perform(module, args, host, (steps) => host.finish(steps));
  const { result, outcome } = await withTimeout(run, place, performing);
  await host.sure();
  if (result.failed !== true) run.sent?.();
  await run.turn?.come;
  host.commit();
  for (const message of warnings) run.play.world.emit({ type: 'warning', message });
  const data = resultData(result, warnings);
  noteResult(run, data);
  keepFacts(run, data, place.state);
  return { result: data, diff: host.diff ? contentDiff(result, outcome) : [], delegatedTo: place.delegatedTo };
}

/** A module's answer as Ansible registers it. */
export function resultData(result: { readonly [key: string]: unknown }, warnings: readonly string[]): ResultData {
  const kept = Object.entries(result).filter(([key, value]) => value !== undefined && key !== 'diff');
  const data: ResultData = Object.fromEntries(kept.map(([key, value]) => [key, toPlain(fromPlain(value))]));
  const failed = data['failed'] === true;
  return { ...data, changed: data['changed'] === true, failed, ...(warnings.length > 0 && { warnings }) };
}

/** `ansible_facts` in a result become facts of the host; with `delegate_facts`, of the host that the task ran on. */
function keepFacts(run: ItemRun, data: ResultData, place: HostState): void {
  const facts = data['ansible_facts'];
  const own = run.task.action === 'set_fact' || run.task.action === 'include_vars';
  if (typeof facts !== 'object' || facts === null || own) return;
  for (const owner of factOwners(run, place)) {
    for (const [name, value] of Object.entries(facts)) owner.facts.set(name.replace(/^ansible_/, ''), fromPlain(value));
  }
}

function factOwners(run: ItemRun, place: HostState): readonly HostState[] {
  return keywordIs(run, 'delegate_facts') ? [place] : run.settles(run.host);
}

/** The arguments with templates filled in, `omit`ted ones left out, and `module_defaults` below them. */
export function argumentsOf(run: ItemRun, names: readonly string[]): Map<Value, Value> {
  const { task } = run;
  const all = inherit(new Map<Value, Value>(), task.args);
  for (const { value, where } of every(run.lineage, 'module_defaults')) {
    const defaults = render(run, value, where);
    if (!isDict(defaults)) continue;
    for (const [key, own] of defaults) {
      const short = String(key).replace(/^ansible\.(builtin|legacy)\./, '');
      if (names.includes(short) && isDict(own)) for (const [name, item] of own) all.set(name, item);
    }
  }
  if (task.argsTemplate !== undefined) {
    const given = render(run, task.argsTemplate, task.argsWhere);
    if (isDict(given)) for (const [name, item] of given) all.set(name, item);
  }
  for (const [name, value] of task.args) {
    all.set(name, run.templar.render(value, run.scope, whereOf(task.args, name) ?? task.argsWhere));
  }
  const kept = withoutOmitted(all);
  return isDict(kept) ? new Map(kept) : all;
}

/** Where the task really runs. */
export interface Place {
  readonly state: HostState;
  readonly delegatedTo: string | undefined;
  readonly target: Target;
  readonly become: Become | undefined;
  readonly session: () => Session;
}

export function placeOf(run: ItemRun): Place {
  const { play, host, lineage } = run;
  const keyword = nearest(lineage, 'delegate_to');
  const delegatedTo = keyword && String(render(run, keyword.value, keyword.where));
  if (delegatedTo) refuseDelegation(delegatedTo, keyword.where ?? run.task.where, play.world.options);
  const state = delegatedTo && delegatedTo !== host.name ? play.world.hosts.of(delegatedTo) : host;
  const scope = state === host ? run.scope : delegatedScope(run, state);
  const input = {
    name: state.name,
    scope,
    lineage,
    options: play.world.options,
    render: (value: Value) => run.templar.render(value, run.scope, run.task.where),
  };
  const target = targetOf(input);
  const become = becomeOf(input);
  play.world.secrets.add([target.password, target.passphrase, become?.password]);
  return { state, delegatedTo, target, become, session: () => play.world.sessions.of(target) };
}

/** Connection variables of the host that is delegated to; a name that is in no inventory is an address. */
function delegatedScope(run: ItemRun, state: HostState) {
  const { play } = run;
  const bare = { ...play.lineage, vars: new Map<Value, Value>() };
  return scopeOf(play, state, bare);
}

export function taskHost(run: ItemRun, place: Place, warnings: string[]): TaskHost {
  const { play, info, host } = run;
  const { options, emit } = play.world;
  return new TaskHost({
    state: place.state,
    mode: modeOf(run, place.state),
    isImage: (address) => isImage(run, place.state, address),
    scope: run.scope,
    templar: run.templar,
    searchPath: run.searchPath,
    where: run.task.argsWhere,
    check: nearest(run.lineage, 'check_mode') ? keywordIs(run, 'check_mode') : options.check,
    diff: nearest(run.lineage, 'diff') ? keywordIs(run, 'diff') : options.diff,
    verbosity: options.verbosity,
    environment: environmentOf(run),
    session: place.session,
    turn: place.state === host ? run.turn : undefined,
    sent: run.sent,
    looks: run.looks,
    clear: run.clear,
    reset: () => play.world.sessions.reset(place.target),
    become: () => place.become,
    signal: options.signal,
    onProgress: options.progress ? (line) => emit({ type: 'progress', task: info, host: host.name, line }) : undefined,
    ask: async (prompt, { echo }) => options.ask?.(prompt, { echo }),
    setVariables: (variables, kind) => {
      for (const owner of factOwners(run, place.state)) {
        const into = kind === 'fact' ? owner.facts : kind === 'set_fact' ? owner.registered : owner.included;
        for (const [name, value] of Object.entries(variables)) into.set(name, value);
      }
    },
    onFact: (name, value) => play.world.reads?.fact(place.state.name, name, value),
    warnings,
  });
}

/** `timeout`: the task fails when it takes longer; what runs on the host is ended with its session. */
async function withTimeout<T>(run: ItemRun, place: Place, work: Promise<T>): Promise<T> {
  const keyword = nearest(run.lineage, 'timeout');
  const seconds = keyword ? numberKeyword('timeout', render(run, keyword.value, keyword.where), keyword.where) : 0;
  if (!(seconds > 0)) return work;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      void place.session().cancel();
      reject(new Fault('value-invalid', `Timed out after ${seconds} second(s).`, { where: run.task.where }));
    }, seconds * 1000);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
