/** Templates and conditions that cannot be parsed. */

import type { Findings, Where } from '../fault.ts';
import type { Templar } from '../template/templar.ts';
import { whereOf } from '../value/source.ts';
import type { Dict, Value } from '../value/value.ts';
import type { Entry, Play, Task } from './types.ts';

const CONDITIONS: ReadonlySet<Value> = new Set(['when', 'until', 'changed_when', 'failed_when']);

/** Arguments that are expressions without braces. */
const EXPRESSIONS: ReadonlyMap<string, string> = new Map([
  ['assert', 'that'],
  ['debug', 'var'],
]);

export function checkPlayTemplates(play: Play, templar: Templar, findings: Findings): void {
  checkDict(play.keywords, templar, findings, play.where);
  checkDict(play.vars, templar, findings, play.where);
  findings.faults.push(...templar.check(play.hosts, play.where), ...templar.check(play.varsFiles, play.where));
}

export function checkKeywordTemplates(entry: Entry, templar: Templar, findings: Findings): void {
  findings.faults.push(...templar.check(entry.name ?? null, entry.where));
  checkDict(entry.keywords, templar, findings, entry.where);
  checkDict(entry.vars, templar, findings, entry.where);
}

export function checkTaskTemplates(task: Task, templar: Templar, findings: Findings): void {
  const { action, args, argsWhere, argsTemplate, loop } = task;
  checkDict(args, templar, findings, argsWhere);
  if (argsTemplate !== undefined) findings.faults.push(...templar.check(argsTemplate, argsWhere));
  if (loop) findings.faults.push(...templar.check(loop.items, loop.where));
  const expression = EXPRESSIONS.get(action);
  const test = expression === undefined ? undefined : args.get(expression);
  if (test !== undefined) {
    findings.faults.push(...templar.checkCondition(test, whereOf(args, expression) ?? argsWhere));
  }
}

function checkDict(dict: Dict, templar: Templar, findings: Findings, outer: Where): void {
  for (const [key, value] of dict) {
    const where = whereOf(dict, key) ?? outer;
    const isCondition = CONDITIONS.has(key);
    findings.faults.push(...(isCondition ? templar.checkCondition(value, where) : templar.check(value, where)));
  }
}
