/** The items of a loop, and what each item's templates see. */

import { Fault } from '../fault.ts';
import type { Task } from '../playbook/types.ts';
import { withLookup } from '../template/lookups.ts';
import { type Layer, layer, type Scope, type Templar } from '../template/templar.ts';
import { type Dict, isDict, isList, Tuple, type Value } from '../value/value.ts';
import { OMIT } from './omit.ts';

export interface LoopControl {
  readonly variable: string;
  readonly indexVariable: string | undefined;
  readonly label: Value | undefined;
  readonly pause: number;
  readonly extended: boolean;
  readonly extendedItems: boolean;
}

/** Undefined where the task does not loop. Throws Faults for what is no list. */
export function itemsOf(task: Task, scope: Scope, templar: Templar): readonly Value[] | undefined {
  const { loop } = task;
  if (!loop) return undefined;
  if (loop.kind === 'with') return withLookup(loop.plugin, loop.items, scope, templar, loop.where).map(untupled);
  const items = templar.render(loop.items, scope, loop.where);
  if (isList(items)) return items.filter((item) => item !== OMIT).map(untupled);
  throw new Fault(
    'value-invalid',
    `Invalid data passed to 'loop', it requires a list, got this instead: ${asText(items, scope, templar)}. Hint: If you passed a list/dict of just one element, try adding wantlist=True to your lookup invocation or use q/query instead of lookup.`,
    { where: loop.where },
  );
}

/** Items are never tuples, whatever gave them. */
function untupled(item: Value): Value {
  return isList(item) && item.some(isList) ? item.map(untupled) : item instanceof Tuple ? [...item] : item;
}

/** A value as Python prints it. */
export function asText(value: Value, scope: Scope, templar: Templar): string {
  if (typeof value === 'string') return value;
  const own = layer(new Map([['value', value]]), { templated: false });
  return String(templar.evaluate("'' ~ value", scope.with(own)));
}

export function loopControl(task: Task, scope: Scope, templar: Templar): LoopControl {
  const written = task.keywords.get('loop_control');
  const control: Dict = isDict(written) ? written : new Map();
  const rendered = (name: string) => {
    const value = control.get(name);
    return value === undefined ? undefined : templar.render(value, scope, task.where);
  };
  const index = rendered('index_var');
  return {
    variable: String(rendered('loop_var') ?? 'item'),
    indexVariable: index === undefined ? undefined : String(index),
    label: control.get('label'),
    pause: Number(rendered('pause') ?? 0),
    extended: rendered('extended') === true,
    extendedItems: rendered('extended_allitems') !== false,
  };
}

export function itemLayer(items: readonly Value[], index: number, control: LoopControl): Layer {
  const values = new Map<Value, Value>([[control.variable, items[index] ?? null]]);
  values.set('ansible_loop_var', control.variable);
  if (control.indexVariable) {
    values.set(control.indexVariable, index);
    values.set('ansible_index_var', control.indexVariable);
  }
  if (control.extended) values.set('ansible_loop', extended(items, index, control));
  return layer(values, { templated: false });
}

function extended(items: readonly Value[], index: number, control: LoopControl): Value {
  const { length } = items;
  const values = new Map<Value, Value>([
    ['index', index + 1],
    ['index0', index],
    ['first', index === 0],
    ['last', index + 1 === length],
    ['length', length],
    ['revindex', length - index],
    ['revindex0', length - index - 1],
  ]);
  if (control.extendedItems) values.set('allitems', items);
  if (index > 0) values.set('previtem', items[index - 1] ?? null);
  if (index + 1 < length) values.set('nextitem', items[index + 1] ?? null);
  return values;
}
