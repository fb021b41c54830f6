/** The arguments of the engine's own actions. Those of includes are checked when they are read. */

import type { Findings } from '../fault.ts';
import { isTemplate } from '../template/templar.ts';
import { near } from '../value/near.ts';
import { whereOf } from '../value/source.ts';
import { isDict, type Value } from '../value/value.ts';
import type { Keywords, Task } from './types.ts';
import { didYouMean } from './unknown-keyword.ts';
import { hasDefaults } from './walk.ts';

interface Table {
  /** One of these must be given. */
  readonly required: readonly string[];
  /** What else may be given; undefined: anything. */
  readonly optional: readonly string[] | undefined;
}

const TABLES: ReadonlyMap<string, Table> = new Map([
  ['meta', { required: ['_raw_params'], optional: [] }],
  ['add_host', { required: ['name', 'hostname', 'host'], optional: undefined }],
  ['group_by', { required: ['key'], optional: ['parents'] }],
  ['set_stats', { required: ['data'], optional: ['per_host', 'aggregate'] }],
  ['async_status', { required: ['jid'], optional: ['mode'] }],
]);

const META = [
  'noop',
  'flush_handlers',
  'end_play',
  'end_batch',
  'end_host',
  'clear_facts',
  'clear_host_errors',
  'reset_connection',
];
const META_UNSUPPORTED = ['refresh_inventory', 'end_role'];

export function checkEngineAction(name: string, task: Task, inherited: readonly Keywords[], findings: Findings): void {
  const table = TABLES.get(name);
  if (!table) return;
  const { args, argsWhere: where, argsTemplate } = task;
  const known = [...table.required, ...(table.optional ?? [])];
  for (const key of args.keys()) {
    if (!table.optional || known.includes(String(key))) continue;
    findings.fault('argument-unknown', `${name} has no argument "${String(key)}"`, {
      where: whereOf(args, key, 'key') ?? where,
      hint: didYouMean(near(String(key), known)) ?? `it has ${known.join(', ')}`,
    });
  }
  const isOpen = argsTemplate !== undefined || hasDefaults(task, inherited, [name]);
  if (!isOpen && !table.required.some((one) => (args.get(one) ?? null) !== null)) {
    const [first = '', ...others] = table.required;
    const also = others.length > 0 ? ` (or ${others.join(', ')})` : '';
    const wanted =
      first === '_raw_params' ? `the name of an action: ${META.join(', ')}` : `the argument "${first}"${also}`;
    findings.fault('argument-missing', `${name} needs ${wanted}`, { where });
  }
  if (name === 'meta') checkMeta(task, findings);
  if (name === 'set_stats') checkStats(task, findings);
}

function checkMeta({ args, argsWhere: where }: Task, findings: Findings): void {
  const action = args.get('_raw_params');
  if (typeof action !== 'string' || isTemplate(action) || META.includes(action)) return;
  if (META_UNSUPPORTED.includes(action)) {
    findings.fault('argument-unsupported', `playbake does not support meta: ${action}`, { where });
  } else {
    findings.fault('argument-invalid', `invalid meta action requested: ${action}`, {
      where,
      hint: didYouMean(near(action, [...META, ...META_UNSUPPORTED])) ?? `one of ${META.join(', ')}`,
    });
  }
}

function checkStats({ args, argsWhere }: Task, findings: Findings): void {
  const data = args.get('data') ?? null;
  if (data !== null && !isDict(data) && !(typeof data === 'string' && isTemplate(data))) {
    findings.fault('argument-invalid', 'set_stats: data must be a mapping', {
      where: whereOf(args, 'data') ?? argsWhere,
    });
  }
  if (isTrue(args.get('per_host'))) {
    findings.fault('argument-unsupported', 'set_stats: playbake does not support per_host', {
      where: whereOf(args, 'per_host', 'key') ?? argsWhere,
    });
  }
}

function isTrue(value: Value | undefined): boolean {
  return value === true || (typeof value === 'string' && /^(?:y|yes|on|1|true|t)$/i.test(value));
}
