/** A task's arguments against its module's table: every fault with its place, and the typed arguments. */

import { Fault, type Where } from '../fault.ts';
import { near } from '../value/near.ts';
import { whereOf } from '../value/source.ts';
import { type Dict, isDict, isList, type Plain, Unsafe, type Value } from '../value/value.ts';
import type { Arg, Args, Typed } from './args.ts';
import { coerce, coerceLiteral, Wrong } from './coerce.ts';
import type { Module } from './module.ts';

export interface CheckOptions {
  /** Where the task stands, for what has no place of its own. */
  readonly where: Where | undefined;
  /** Before anything is rendered: values that hold templates are not judged. */
  readonly partial?: boolean;
  /** More arguments come at run time (`args: "{{ more }}"`): none is called missing. */
  readonly open?: boolean;
}

/** Where the playbook room puts free-form text. */
const RAW = '_raw_params';

/** Everything that is wrong with the arguments; empty when nothing is. */
export function checkArguments(name: string, module: Module, args: Dict, options: CheckOptions): readonly Fault[] {
  const faults = [...args].flatMap(([key, value]) => checkOne(name, module, args, key, value, options));
  if (!options.open) faults.push(...missing(name, module, args, options));
  if (faults.length > 0 || !module.verify || [...args.values()].some(hasTemplate) || options.open) return faults;
  const wrong = module.verify(typed(module, args));
  return wrong === undefined
    ? []
    : [new Fault('argument-invalid', `${name}: ${wrong}`, { where: whereOf(args) ?? options.where })];
}

/**
 * The arguments by their main names, coerced, with defaults. Null stands for "not given".
 * Throws the first Fault that `checkArguments` would give.
 */
export function coerceArguments(name: string, module: Module, args: Dict, where: Where | undefined): Typed<Args> {
  const [fault] = checkArguments(name, module, args, { where });
  if (fault) throw fault;
  return typed(module, args);
}

/** The argument that a key means: by its name, an alias, or as free-form text. */
export function argumentOf(module: Module, key: string): readonly [name: string, arg: Arg] | undefined {
  if (key === RAW) return module.freeForm === undefined ? undefined : named(module, module.freeForm);
  return named(module, key) ?? Object.entries(module.args).find(([, arg]) => arg.alias?.includes(key));
}

function named(module: Module, name: string): readonly [string, Arg] | undefined {
  const arg = Object.hasOwn(module.args, name) && name !== module.rest ? module.args[name] : undefined;
  return arg && [name, arg];
}

function checkOne(name: string, module: Module, args: Dict, key: Value, value: Value, options: CheckOptions): Fault[] {
  const label = String(key);
  const reason = module.unsupported?.[label];
  const found = argumentOf(module, label);
  if (!found) {
    if (reason !== undefined && isDefault(value)) return [];
    if (module.rest !== undefined && label !== RAW) return [];
    return [unknown(name, module, label, reason, whereOf(args, key, 'key') ?? options.where)];
  }
  if (value === null || (options.partial && hasTemplate(value))) return [];
  const coerced = options.partial ? coerceLiteral(found[1], value) : coerce(found[1], value);
  if (!(coerced instanceof Wrong)) return [];
  const shown = found[1].secret || typeof value === 'object' ? '' : `, not ${JSON.stringify(String(value))}`;
  const message = `${name}: ${label} ${coerced.message}${shown}`;
  return [new Fault('argument-invalid', message, { where: whereOf(args, key) ?? options.where })];
}

/** An argument that is named but not given (`attributes: null`) asks for nothing. */
function isDefault(value: Value): boolean {
  return value === null;
}

function unknown(
  name: string,
  module: Module,
  label: string,
  reason: string | undefined,
  where: Where | undefined,
): Fault {
  if (label === RAW) {
    return new Fault('argument-unknown', `${name} takes no free-form text`, {
      where,
      hint: 'write its arguments as "name: value" under it',
    });
  }
  if (reason !== undefined) {
    return new Fault('argument-unsupported', `${name}: ${label} is not supported: ${reason}`, { where });
  }
  const names = Object.entries(module.args).flatMap(([main, arg]) => [main, ...(arg.alias ?? [])]);
  const [close] = near(label, names);
  const hint =
    close === undefined ? `it has ${Object.keys(module.args).sort().join(', ')}` : `did you mean "${close}"?`;
  return new Fault('argument-unknown', `${name} has no argument "${label}"`, { where, hint });
}

function missing(name: string, module: Module, args: Dict, { where }: CheckOptions): Fault[] {
  const given = new Set(
    [...args].flatMap(([key, value]) => (value === null ? [] : (argumentOf(module, String(key))?.[0] ?? []))),
  );
  return Object.entries(module.args)
    .filter(([main, arg]) => arg.required && !given.has(main))
    .map(([main, arg]) => {
      const also = arg.alias ? ` (or ${arg.alias.join(', ')})` : '';
      return new Fault('argument-missing', `${name} needs the argument "${main}"${also}`, {
        where: whereOf(args) ?? where,
      });
    });
}

function typed(module: Module, args: Dict): Typed<Args> {
  const out: { [name: string]: Plain | Value | undefined } = {};
  for (const [name, arg] of Object.entries(module.args)) if (arg.default !== undefined) out[name] = arg.default;
  const rest = new Map<Value, Value>();
  for (const [key, value] of byMainNameFirst(module, args)) {
    const found = argumentOf(module, String(key));
    if (!found) {
      if (module.rest !== undefined) rest.set(key, value);
    } else if (value !== null) {
      const coerced = coerce(found[1], value);
      if (!(coerced instanceof Wrong)) out[found[0]] = coerced;
    }
  }
  if (module.rest !== undefined) out[module.rest] = rest;
  return out as Typed<Args>;
}

/** Of a name and its alias, both given, the alias holds, as in Ansible. */
function byMainNameFirst(module: Module, args: Dict): readonly (readonly [Value, Value])[] {
  return [...args].sort(
    ([a], [b]) => Number(!Object.hasOwn(module.args, String(a))) - Number(!Object.hasOwn(module.args, String(b))),
  );
}

function hasTemplate(value: Value): boolean {
  if (typeof value === 'string') return /\{[{%]/.test(value);
  if (value instanceof Unsafe) return false;
  if (isList(value)) return value.some(hasTemplate);
  return isDict(value) && [...value].some(([key, item]) => hasTemplate(key) || hasTemplate(item));
}
