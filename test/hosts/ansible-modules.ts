/** A list of tasks, each a module with its arguments, run on this machine. */

import { readFileSync } from 'node:fs';
import { Findings } from '../../src/fault.ts';
import { coerceArguments } from '../../src/module/check-arguments.ts';
import { loadBuiltin } from '../../src/module/load-module.ts';
import { perform } from '../../src/module/perform.ts';
import { type Dict, fromPlain, isDict, isList, type Plain, toPlain, type Value } from '../../src/value/value.ts';
import { parseYaml } from '../../src/value/yaml.ts';
import { language } from '../modules/language.ts';
import { localHost, openSession } from '../modules/local-host.ts';

export async function runTasks(
  file: string,
  root: string,
  server: string,
): Promise<readonly { readonly [key: string]: Plain }[]> {
  const findings = new Findings();
  const tasks = parseYaml(readFileSync(file, 'utf8'), file, findings);
  findings.check();
  const vars = new Map<Value, Value>([
    ['root', root],
    ['server', server],
  ]);
  const session = openSession('/bin/sh');
  const results: { readonly [key: string]: Plain }[] = [];
  try {
    for (const task of isList(tasks) ? tasks.filter(isDict) : []) {
      results.push(await runTask(task, localHost({ session, check: false, vars, language, control: '/' }), vars));
    }
  } finally {
    await session.close();
  }
  return results;
}

async function runTask(
  task: Dict,
  host: ReturnType<typeof localHost>,
  vars: Dict,
): Promise<{ readonly [key: string]: Plain }> {
  const [name = '', args = null] = [...task][0] ?? [];
  const module = await loadBuiltin(String(name));
  const rendered = language.render(args, vars);
  if (!module || !isDict(rendered)) throw new Error(`no task: ${String(name)}`);
  const { result } = await perform(module, coerceArguments(String(name), module, rendered, undefined), host);
  const plain = toPlain(fromPlain(result)) as { readonly [key: string]: Plain };
  return { ...plain, changed: plain['changed'] === true };
}
