/** include_tasks and include_role: each host decides what it includes; hosts that include the same run it together. */

import { Fault, faultsOf } from '../fault.ts';
import { findTaskFile, type IncludeContext, loadTaskFile } from '../playbook/load.ts';
import { loadRole } from '../playbook/roles.ts';
import type { Entry, Task } from '../playbook/types.ts';
import { type Dict, dict, isDict, toPlain, type Value } from '../value/value.ts';
import { argumentsOf } from './action.ts';
import { asBoolean } from './boolean.ts';
import { codeOf } from './code-of.ts';
import type { ResultData, TaskInfo } from './events.ts';
import type { HostState } from './host-state.ts';
import { failingCondition } from './item.ts';
import { descend, type Lineage } from './lineage.ts';
import { type LoopControl, loopControl } from './loop.ts';
import type { PlayState } from './play-state.ts';
import { runEntries } from './run-entries.ts';
import { type HostResult, runTask } from './run-task.ts';
import type { ItemRun } from './task-run.ts';
import { scopeOf } from './variables.ts';

/** One thing to include: the same file or role, with the same item. */
interface Inclusion {
  readonly args: { readonly [name: string]: unknown };
  readonly item: Dict;
  readonly label: string | undefined;
  readonly hosts: HostState[];
  readonly info: TaskInfo;
}

export async function runInclude(
  play: PlayState,
  task: Task,
  parents: Lineage,
  hosts: readonly HostState[],
): Promise<void> {
  const results = await runTask(play, task, parents, hosts);
  const loaded = [...inclusions(play, task, parents, results)].map((inclusion) => {
    const inside = lineageInside(task, parents, inclusion);
    return { inclusion, inside, entries: load(play, task, parents, inclusion, inside) };
  });
  for (const { inclusion, inside, entries } of loaded) {
    if (entries) await runEntries(play, entries, inside, inclusion.hosts);
  }
}

function inclusions(
  play: PlayState,
  task: Task,
  parents: Lineage,
  results: readonly HostResult[],
): Iterable<Inclusion> {
  const found = new Map<string, Inclusion>();
  for (const { host, result, info } of results) {
    if (!host.active) continue;
    const control = controlOf(play, task, parents, host);
    const ones = result.items ?? [{ result: result.result, item: null, label: undefined }];
    for (const one of ones) {
      if (one.result['skipped'] === true || one.result['failed'] === true) continue;
      const args = one.result['include_args'];
      if (typeof args !== 'object' || args === null) continue;
      const item = result.items ? itemVars(one.result, one.item, control) : dict();
      const key = JSON.stringify([args, [...item].map(([name, value]) => [name, String(value)])]);
      const { label } = one;
      const inclusion = found.get(key);
      if (inclusion && !inclusion.hosts.includes(host)) inclusion.hosts.push(host);
      else
        found.set(inclusion ? `${key} ${found.size}` : key, {
          args: args as Inclusion['args'],
          item,
          label,
          hosts: [host],
          info,
        });
    }
  }
  return found.values();
}

function controlOf(play: PlayState, task: Task, parents: Lineage, host: HostState): LoopControl {
  const scope = scopeOf(play, host, descend(parents, task), task);
  return loopControl(task, scope, play.world.templar([play.playbookDirectory]));
}

/** The loop's variables go on to what is included. */
function itemVars(result: ResultData, item: Value, control: LoopControl): Dict {
  const vars = new Map<Value, Value>([[control.variable, item]]);
  const index = control.indexVariable && result[control.indexVariable];
  if (control.indexVariable && typeof index === 'number') vars.set(control.indexVariable, index);
  return vars;
}

/** A file or role that is not there fails its hosts, as a task that fails. */
function load(
  play: PlayState,
  task: Task,
  parents: Lineage,
  inclusion: Inclusion,
  inside: Lineage,
): readonly Entry[] | undefined {
  const { findings } = play.world;
  try {
    const entries =
      task.action === 'include_role'
        ? roleEntries(play, task, parents, inclusion, inside)
        : fileEntries(play, task, parents, inclusion);
    findings.check();
    return entries;
  } catch (error) {
    const [fault] = faultsOf(error) ?? [];
    if (!fault) throw error;
    findings.faults.length = 0;
    failAll(play, inclusion, fault);
    return undefined;
  }
}

export interface Included {
  readonly entries: readonly Entry[];
  /** What they inherit. */
  readonly inside: Lineage;
}

/** What an include brings, for nobody to run now; undefined when its condition leaves it out. Throws Faults. */
export function readIncluded(run: ItemRun, parents: Lineage): Included | undefined {
  const { play, task, info } = run;
  if (failingCondition(run) !== undefined) return undefined;
  const args = toPlain(argumentsOf(run, [task.action])) as Inclusion['args'];
  const inclusion: Inclusion = { args, item: dict(), label: undefined, hosts: [], info };
  const inside = lineageInside(task, parents, inclusion);
  const entries =
    task.action === 'include_role'
      ? roleEntries(play, task, parents, inclusion, inside)
      : fileEntries(play, task, parents, inclusion);
  play.world.findings.check();
  return { entries, inside };
}

function failAll(play: PlayState, { hosts, info }: Inclusion, fault: Fault): void {
  for (const host of hosts) {
    host.failed = true;
    host.failedAlong = false;
    host.stats.failed++;
    const result = { reason: fault.message, failed: true };
    const shown = { ignored: false, loop: false, diff: [], seconds: 0, fault } as const;
    play.world.emit({ type: 'result', task: info, host: host.name, status: 'failed', result, ...shown });
  }
}

function fileEntries(play: PlayState, task: Task, parents: Lineage, inclusion: Inclusion): readonly Entry[] {
  const { args, hosts, label, info } = inclusion;
  const name = args['file'] ?? args['_raw_params'];
  if (typeof name !== 'string')
    throw new Fault('argument-missing', 'No file specified for include_tasks', { where: task.argsWhere });
  const context = includeContext(play, task, parents);
  const file = findTaskFile(name, context);
  for (const host of hosts) {
    host.stats.ok++;
    play.world.reads?.file(host.name, file);
  }
  if (hosts.length === 0) return loadTaskFile(file, context);
  play.world.emit({
    type: 'included',
    task: info,
    file,
    hosts: hosts.map((host) => host.name),
    ...(label !== undefined && { label }),
  });
  return loadTaskFile(file, context);
}

function roleEntries(
  play: PlayState,
  task: Task,
  parents: Lineage,
  { args, hosts }: Inclusion,
  inside: Lineage,
): readonly Entry[] {
  const block = includedRole(task, args, includeContext(play, task, parents));
  if (block.role) {
    for (const host of hosts) for (const path of codeOf(block.role)) play.world.reads?.file(host.name, path);
    const own = descend(inside, { keywords: new Map(), vars: new Map(), role: block.role });
    play.handlers.add(block.role.handlers, own);
    if (isTrue(args['public'])) play.publicRoles.push(block.role);
  }
  return [block];
}

/** The role that an include_role names. Throws Faults: `argument-missing`, `role-missing` and what is wrong with its files. */
export function includedRole(
  task: Task,
  args: { readonly [name: string]: unknown },
  context: IncludeContext,
): ReturnType<typeof loadRole> {
  const name = args['name'] ?? args['role'];
  if (typeof name !== 'string')
    throw new Fault('argument-missing', "'name' is a required field for include_role.", { where: task.argsWhere });
  const from = (key: string) => (typeof args[key] === 'string' ? { [camel(key)]: args[key] } : {});
  const options = {
    where: task.where,
    allowDuplicates: args['allow_duplicates'] !== false,
    ...from('tasks_from'),
    ...from('vars_from'),
    ...from('defaults_from'),
    ...from('handlers_from'),
  };
  return loadRole(name, options, context);
}

function isTrue(arg: unknown): boolean {
  return typeof arg === 'boolean' || typeof arg === 'string' ? asBoolean(arg) : false;
}

function camel(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

export function includeContext(play: PlayState, task: Task, parents: Lineage): IncludeContext {
  return {
    playbookDirectory: play.playbookDirectory,
    role: task.role ?? parents.role,
    directory: task.directory,
    findings: play.world.findings,
    extraVars: play.world.extraVars,
  };
}

/** `apply` gives keywords to what is included; of the include's own only `vars` go on, as parameters. */
function lineageInside(task: Task, parents: Lineage, inclusion: Inclusion): Lineage {
  const apply = task.args.get('apply');
  const keywords = isDict(apply) ? apply : new Map<Value, Value>();
  const own = keywords.get('vars');
  const outer = descend(parents, { keywords: new Map(), vars: inclusion.item, include: true });
  return descend(outer, { keywords, vars: new Map([...task.vars, ...(isDict(own) ? own : [])]), include: true });
}
