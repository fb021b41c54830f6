import type { Where } from '../fault.ts';
import { whereOf } from '../value/source.ts';
import type { Value } from '../value/value.ts';

/** A source of variables, nearest layers answer first. */
export interface Layer {
  /** The raw value, or undefined when this layer lacks the name. What it throws reaches whoever asked, untouched. */
  get(name: string): Value | undefined;
  names(): Iterable<string>;
  /** false: values are final (facts, registered results, set_fact, loop items) and are never templated. */
  readonly templated: boolean;
  /** Where the value of a variable stands, for faults in its own template. */
  where?(name: string): Where | undefined;
}

/** A layer of a dictionary's or a record's members. `templated` is true by default. */
export function layer(
  values: ReadonlyMap<Value, Value> | Readonly<Record<string, Value>>,
  { templated = true }: { readonly templated?: boolean } = {},
): Layer {
  if (values instanceof Map) {
    const map: ReadonlyMap<Value, Value> = values;
    return {
      templated,
      get: (name) => map.get(name),
      names: () => [...map.keys()].filter((key) => typeof key === 'string'),
      where: (name) => whereOf(map, name),
    };
  }
  const record = values as Readonly<Record<string, Value>>;
  return {
    templated,
    get: (name) => (Object.hasOwn(record, name) ? record[name] : undefined),
    names: () => Object.keys(record),
    where: (name) => whereOf(record, name),
  };
}
