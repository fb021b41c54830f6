/** Templates and conditions that cannot be parsed. */

import type { Fault, Findings, Where } from '../fault.ts';
import type { Templar } from '../template/templar.ts';
import { whereOf } from '../value/source.ts';
import type { Dict, Value } from '../value/value.ts';
import { ifReached } from './if-reached.ts';
import type { Entry, Play, Task } from './types.ts';

const CONDITIONS: ReadonlySet<Value> = new Set(['when', 'until', 'changed_when', 'failed_when']);

/** Arguments that are expressions without braces. */
const EXPRESSIONS: ReadonlyMap<string, string> = new Map([
  ['assert', 'that'],
  ['debug', 'var'],
]);

export function checkPlayTemplates(play: Play, templar: Templar, findings: Findings): void {
  const { keywords, vars, hosts, varsFiles, where } = play;
  report([...ofDict(keywords, templar, where), ...templar.check(hosts, where)], findings);
  report([...ofDict(vars, templar, where), ...templar.check(varsFiles, where)], findings, true);
}

/** @param isOptional whether what is around the entry may be passed over: its own conditions are evaluated else. */
export function checkKeywordTemplates(entry: Entry, templar: Templar, findings: Findings, isOptional: boolean): void {
  const { name = null, keywords, vars, where } = entry;
  report([...templar.check(name, where), ...ofDict(keywords, templar, where)], findings, isOptional);
  report(ofDict(vars, templar, where), findings, true);
}

export function checkTaskTemplates(task: Task, templar: Templar, findings: Findings, isOptional: boolean): void {
  const { action, args, argsWhere, argsTemplate, loop } = task;
  const faults = ofDict(args, templar, argsWhere);
  if (argsTemplate !== undefined) faults.push(...templar.check(argsTemplate, argsWhere));
  if (loop) faults.push(...templar.check(loop.items, loop.where));
  const expression = EXPRESSIONS.get(action);
  const test = expression === undefined ? undefined : args.get(expression);
  if (test !== undefined) faults.push(...templar.checkCondition(test, whereOf(args, expression) ?? argsWhere));
  report(faults, findings, isOptional);
}

function ofDict(dict: Dict, templar: Templar, outer: Where): Fault[] {
  return [...dict].flatMap(([key, value]) => {
    const where = whereOf(dict, key) ?? outer;
    return CONDITIONS.has(key) ? templar.checkCondition(value, where) : templar.check(value, where);
  });
}

/** A filter or test that is not there is a warning where its template may never be evaluated, or Ansible has it. */
function report(faults: readonly Fault[], findings: Findings, isOptional = false): void {
  for (const fault of faults) {
    const { code, message, where, hint } = fault;
    if (code === 'template-error' && (isOptional || isLacking(message))) {
      findings.warn(code, ifReached(message), { where, hint });
    } else findings.faults.push(fault);
  }
}

/** Filters and tests of Ansible's own and its netcommon collection that have no prefix, and are not here yet. */
const LACKING =
  /^(?:ip(?:addr|v4|v6|math|subnet|wrap|4_hex)|cidr_merge|hwaddr|macaddr|network_in_\w+|(?:next|previous)_nth_usable|nthhost|reduce_on_network|slaac|parse_(?:cli|cli_textfsm|xml)|vault|unvault|vaulted_file)$/;

function isLacking(message: string): boolean {
  const name = /'(.*)'/.exec(message)?.[1] ?? '';
  return name.includes('.') || LACKING.test(name);
}
