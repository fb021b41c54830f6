/** A module's work on one host: its plan applied and summed up, or its own run. */

import { type Dict, isDict, isList, type Plain, Unsafe, type Value } from '../value/value.ts';
import type { Args, Typed } from './args.ts';
import { expandPaths } from './expand-paths.ts';
import { type Host, isSteps, type Module, type Outcome, type Result } from './module.ts';

export interface Performed {
  readonly result: Result;
  /** What the plan's steps came to; undefined for modules that run or need nothing of the host. */
  readonly outcome?: Outcome;
}

/**
 * @param args from `coerceArguments`.
 * @param carryOut applies the steps of a plan; default: as the host applies any.
 * Faults of the connection and of the control machine's files are thrown; a task that fails is a result.
 */
export async function perform(
  module: Module,
  args: Typed<Args>,
  host: Host,
  carryOut: Host['apply'] = (steps) => host.apply(steps),
): Promise<Performed> {
  const expanded = module.local ? args : await expandPaths(module, args, host);
  const performed = await work(module, expanded, host, carryOut);
  const secrets = secretTexts(module, expanded);
  return secrets.length === 0 ? performed : { ...performed, result: conceal(performed.result, secrets) };
}

async function work(module: Module, args: Typed<Args>, host: Host, carryOut: Host['apply']): Promise<Performed> {
  if (module.run) return { result: await module.run(args, host) };
  const planned = await module.plan(args, host);
  if (!isSteps(planned)) return { result: planned };
  const outcome = await carryOut(planned);
  return { result: module.result ? module.result(outcome, args, host) : sumUp(outcome), outcome };
}

/** An outcome as a result, the way a module without `result` gets it. */
export function sumUp({ changed, failed, skipped, msg, values }: Outcome): Result {
  return {
    changed,
    ...(failed && { failed }),
    ...(skipped && { skipped }),
    ...(msg !== undefined && { msg }),
    ...values,
  };
}

/** Texts among the arguments that must never be shown. */
export function secretTexts(module: Module, args: Typed<Args>): readonly string[] {
  return Object.entries(module.args).flatMap(([name, arg]) => (arg.secret ? texts(args[name]) : []));
}

function texts(value: Plain | Value | undefined): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (typeof value === 'number') return [String(value)];
  if (Array.isArray(value)) return value.flatMap(texts);
  if (value instanceof Map) return [...value.values()].flatMap(texts);
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(texts) : [];
}

/** A result without the secrets that a command may have echoed, in Ansible's words. */
function conceal(result: Result, secrets: readonly string[]): Result {
  return Object.fromEntries(Object.entries(result).map(([key, value]) => [key, value && hide(value, secrets)]));
}

function hide(value: Plain | Value, secrets: readonly string[]): Plain | Value {
  if (typeof value === 'string') return hideText(value, secrets);
  if (value instanceof Unsafe) return new Unsafe(hideText(value.text, secrets));
  if (isList(value)) return value.map((item) => hide(item, secrets)) as Value;
  if (isDict(value)) return hideDict(value, secrets);
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hide(item, secrets)])) as Plain;
}

function hideDict(value: Dict, secrets: readonly string[]): Dict {
  return new Map([...value].map(([key, item]) => [key, hide(item, secrets) as Value]));
}

function hideText(text: string, secrets: readonly string[]): string {
  if (secrets.includes(text)) return 'VALUE_SPECIFIED_IN_NO_LOG_PARAMETER';
  return secrets.reduce((hidden, secret) => hidden.replaceAll(secret, '********'), text);
}
