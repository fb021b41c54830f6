/** Filters about any value: defaults, choices, types. */

import { itemsOf } from '../../value/iterate.ts';
import { isTermDict, type Term } from '../../value/term.ts';
import { typeName } from '../../value/text.ts';
import { truthy } from '../../value/truth.ts';
import { getAttribute, getItem } from '../access.ts';
import type { Arguments } from '../arguments.ts';
import { undefinedFailure } from '../failure.ts';
import { type Filters, filter, lenientFilter } from '../language.ts';
import { toBool } from '../to-bool.ts';
import { Undefined } from '../undefined.ts';

const orDefault = lenientFilter('default_value boolean', (value, args) => {
  const missing = value instanceof Undefined || (args.flag('boolean') && !truthy(value));
  return missing ? (args.raw('default_value') ?? (args.raw('default_value') === null ? null : '')) : value;
});

function ternary(value: Term, args: Arguments): Term {
  const none = args.raw('none_val') ?? null;
  if (value === null && none !== null) return none;
  const choice = args.raw(truthy(value) ? 'true_val' : 'false_val');
  return choice ?? args.required(truthy(value) ? 'true_val' : 'false_val');
}

export const VALUE_FILTERS: Filters = {
  default: orDefault,
  d: orDefault,
  bool: filter('', toBool),
  ternary: filter('true_val false_val none_val', ternary),
  type_debug: lenientFilter('', typeName),
  mandatory: lenientFilter('msg', (value, args) => {
    if (!(value instanceof Undefined)) return value;
    const name = /'[^']+'/.exec(value.hint)?.[0];
    throw undefinedFailure(args.text('msg', `Mandatory variable ${name ? `${name} ` : ''}not defined.`));
  }),
  attr: filter('name', (value, args, runtime) => {
    const name = args.text('name');
    if (isTermDict(value)) return runtime.undefined(`'dict object' has no attribute '${name}'`);
    return getAttribute(value, name, runtime);
  }),
  extract: filter('container morekeys', (value, args, runtime) => {
    const more = args.get('morekeys') ?? null;
    const keys = more === null ? [] : Array.isArray(more) ? itemsOf(more) : [more];
    const start = getItem(args.required('container'), value, runtime);
    return keys.reduce((term: Term, key) => getItem(term, key, runtime), start);
  }),
};
