/** Lookups: `lookup()`, `query()`, and the loops `with_…`. */

import { Fault, type Where } from '../fault.ts';
import { near } from '../value/near.ts';
import { PythonError } from '../value/python-error.ts';
import { str } from '../value/text.ts';
import { truthy } from '../value/truth.ts';
import { isList, type Value } from '../value/value.ts';
import { Callable, type Named } from './callable.ts';
import { Failure } from './failure.ts';
import { finish } from './finish.ts';
import type { LookupContext } from './lookups/lookup.ts';
import { LOOKUPS } from './lookups/table.ts';
import { toFault } from './place.ts';
import { Runtime } from './runtime.ts';
import type { Scope } from './scope.ts';
import type { Templar } from './templar.ts';
import { SYNTAX } from './tokens.ts';

const BUILTIN = /^(?:ansible\.(?:builtin|legacy)|community\.general)\./;

/** Whether a lookup, and so a loop `with_<name>`, exists. */
export function isLookup(name: string): boolean {
  return LOOKUPS.has(name.replace(BUILTIN, ''));
}

/** What a lookup finds. Throws a PythonError, or what a variable that it reads throws. */
export function lookup(
  name: string,
  terms: readonly Value[],
  options: ReadonlyMap<Value, Value>,
  context: LookupContext,
): Value[] {
  const short = name.replace(BUILTIN, '');
  const run = LOOKUPS.get(short);
  if (run) context.templar.onLookup?.(short);
  if (run) return [...run(terms, options, context)];
  const [nearest] = near(short, LOOKUPS.keys());
  throw new PythonError(
    `the lookup '${name}' is not known${nearest ? `; did you mean '${nearest}'?` : ' to playbake'}`,
  );
}

/**
 * The items of a loop `with_<name>: terms`. `terms` is as it stands in the playbook and is rendered here, by Ansible's
 * rules: text is one term, `with_items` and its like flatten one level, undefined files of `first_found` are skipped.
 * Throws a Fault.
 */
export function withLookup(name: string, terms: Value, scope: Scope, templar: Templar, where?: Where): Value[] {
  const short = name.replace(BUILTIN, '');
  const rendered =
    short === 'first_found' ? renderDefined(terms, scope, templar, where) : templar.render(terms, scope, where);
  const list = isList(rendered) ? rendered : [rendered];
  const origin = { template: typeof terms === 'string' ? terms : '', where };
  const runtime = new Runtime(templar, scope, origin, SYNTAX);
  try {
    return runtime.within(origin, () => lookup(name, list, new Map(), { scope, templar, where }));
  } catch (error) {
    throw toFault(error, () => scope.names());
  }
}

/** Renders a list item by item and leaves out what reads something undefined. */
function renderDefined(terms: Value, scope: Scope, templar: Templar, where: Where | undefined): Value {
  if (!isList(terms)) return templar.render(terms, scope, where);
  return terms.flatMap((term) => {
    try {
      return [templar.render(term, scope, where)];
    } catch (error) {
      if (error instanceof Fault && error.code === 'template-undefined') return [];
      throw error;
    }
  });
}

/** The function `lookup` or `query` of a template. */
export function lookupGlobal(name: 'lookup' | 'query', runtime: Runtime): Callable {
  return new Callable(name, (positional, named) => {
    if (!runtime.trusted) throw new PythonError('lookups are not allowed in a conditional that came out of a template');
    const [plugin, ...terms] = positional.map(finish);
    if (plugin === undefined || plugin === null) throw new PythonError(`${name}() needs the name of a lookup`);
    const wantList = name === 'query' || truthy(named.get('wantlist') ?? false);
    const context: LookupContext = { scope: runtime.scope, templar: runtime.templar, where: runtime.origin.where };
    const found = attempt(() => lookup(str(plugin), terms, optionsOf(named), context), named);
    if (wantList || !found) return found ?? (wantList ? [] : null);
    return joined(found);
  });
}

/** `errors='ignore'` or `'warn'`: a lookup that fails finds nothing. */
function attempt(run: () => readonly Value[], named: Named): readonly Value[] | undefined {
  const mode = named.get('errors') ?? 'strict';
  if (mode === 'strict') return run();
  try {
    return run();
  } catch (error) {
    if (error instanceof PythonError || error instanceof Failure || error instanceof Fault) return undefined;
    throw error;
  }
}

function optionsOf(named: Named): ReadonlyMap<Value, Value> {
  const options = new Map<Value, Value>();
  for (const [key, term] of named) if (key !== 'wantlist' && key !== 'errors') options.set(key, finish(term));
  return options;
}

/** Texts with commas between, or the only value. */
function joined(found: readonly Value[]): Value {
  if (found.length > 0 && found.every((item) => typeof item === 'string')) return found.join(',');
  return found.length === 1 ? (found[0] ?? null) : found;
}
