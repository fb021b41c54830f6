import type { DescribedTask } from '../../play/description.ts';
import type { Value } from '../../value/value.ts';
import { digest, shortDigest } from './digest.ts';
import type { TaskPrint } from './fingerprint.ts';
import type { Places } from './places.ts';

export function printTask(task: DescribedTask, places: Places): TaskPrint {
  const parts = Object.fromEntries(
    [...partsOf(task)].map(([name, value]) => [name, shortDigest(places.placeless(value))]),
  );
  const { file, line } = task.where;
  return { name: task.name, where: `${places.name(file)}:${line ?? 1}`, digest: digest(parts), parts };
}

function* partsOf(task: DescribedTask): Generator<readonly [string, Value]> {
  yield ['play', [task.play, task.handler]];
  yield ['module', task.module];
  yield ['module version', task.version];
  if (task.role !== undefined) yield ['role', task.role];
  if (task.when.length > 0) yield ['when', task.when];
  if (task.loop !== undefined) yield ['loop', task.loop];
  for (const name of namesOf(task.args)) {
    yield [`argument ${name}`, task.args.map((args) => (args.has(name) ? [args.get(name) ?? null] : []))];
  }
  for (const [name, values] of [...task.keywords].sort(byName)) yield [`keyword ${name}`, values];
  for (const [name, value] of task.vars) yield [`variable ${String(name)}`, value];
}

/** A handler that takes the name of another is another; names of tasks are for people. */
function namesOf(args: DescribedTask['args']): readonly string[] {
  return [...new Set(args.flatMap((one) => [...one.keys()].map(String)))].sort();
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1);
