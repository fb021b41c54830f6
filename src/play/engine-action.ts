/** The actions that are the engine's own, for one host. `meta` and the includes act on a play and are in files of their own. */

import { Fault } from '../fault.ts';
import { type Dict, isDict, isList, toPlain, type Value } from '../value/value.ts';
import { placeOf } from './action.ts';
import { asBoolean } from './boolean.ts';
import type { ResultData } from './events.ts';
import { jobStatus, removeJob } from './job.ts';
import type { ItemRun, TaskResult } from './task-run.ts';
import { forgetInventoryVars } from './variables.ts';

export async function runEngineAction(run: ItemRun, name: string, args: Dict): Promise<TaskResult> {
  switch (name) {
    case 'set_stats':
      return done(setStats(run, args));
    case 'add_host':
      return done(addHost(run, args));
    case 'group_by':
      return done(groupBy(run, args));
    case 'async_status':
      return done(await asyncStatus(run, args));
    default:
      // The includes: what is included is decided here, by the condition and the loop; it is run by the play.
      return done({ changed: false, include_args: toPlain(args) });
  }
}

function done(result: ResultData): TaskResult {
  return { result, diff: [] };
}

function setStats(run: ItemRun, args: Dict): ResultData {
  const data = args.get('data');
  if (!isDict(data)) throw missing(run, "The 'data' option needs to be a dictionary/hash");
  const { custom } = run.play.world;
  const aggregate = args.get('aggregate') === undefined || asBoolean(args.get('aggregate'));
  for (const [name, value] of data) custom.set(name, aggregate ? added(custom.get(name), value) : value);
  return { changed: false, ansible_stats: { data: toPlain(data), per_host: false, aggregate } };
}

function added(before: Value | undefined, value: Value): Value {
  if (typeof before === 'number' && typeof value === 'number') return before + value;
  if (isList(before) && isList(value)) return [...before, ...value];
  if (isDict(before) && isDict(value)) return new Map([...before, ...value]);
  return value;
}

function addHost(run: ItemRun, args: Dict): ResultData {
  const name = args.get('name') ?? args.get('hostname') ?? args.get('host');
  if (typeof name !== 'string' || name === '') throw missing(run, 'name, host or hostname needs to be provided');
  const groups = names(args.get('groups') ?? args.get('groupname') ?? args.get('group'));
  const own = new Set<Value>(['name', 'hostname', 'host', 'groups', 'groupname', 'group']);
  const vars = new Map([...args].filter(([key]) => !own.has(key)));
  const { inventory } = run.play.world;
  const changed = inventory.addHost(name, groups, vars);
  forgetInventoryVars(inventory);
  return { changed, add_host: { host_name: name, groups, host_vars: toPlain(vars) } };
}

function groupBy(run: ItemRun, args: Dict): ResultData {
  const key = args.get('key');
  if (key === undefined || key === null) throw missing(run, "the 'key' param is required when using group_by");
  const group = String(toPlain(key)).replaceAll(' ', '-');
  const parents = names(args.get('parents') ?? 'all');
  const { inventory } = run.play.world;
  const changed = inventory.addToGroup(group, run.host.name, parents);
  forgetInventoryVars(inventory);
  return { changed, add_group: group, parent_groups: parents };
}

function names(value: Value | undefined): string[] {
  if (value === undefined || value === null) return [];
  const items = isList(value) ? value : String(value).split(',');
  return items.map((item) => String(item).trim()).filter(Boolean);
}

async function asyncStatus(run: ItemRun, args: Dict): Promise<ResultData> {
  const id = args.get('jid');
  if (typeof id !== 'string') throw missing(run, 'missing required arguments: jid');
  if (args.get('mode') !== 'cleanup') return jobStatus(placeOf(run), id);
  await removeJob(placeOf(run), id);
  return { changed: false, ansible_job_id: id, erased: `~/.ansible_async/${id}` };
}

function missing(run: ItemRun, message: string): Fault {
  return new Fault('argument-missing', message, { where: run.task.argsWhere });
}
