/** Filters that apply filters, tests and attributes to each item. */

import { itemsOf } from '../../value/iterate.ts';
import { PythonError } from '../../value/python-error.ts';
import type { Term } from '../../value/term.ts';
import type { Arguments } from '../arguments.ts';
import { attributeOf } from '../attribute-path.ts';
import { type Filter, type Filters, filter } from '../language.ts';
import type { Runtime } from '../runtime.ts';

function map(value: Term, args: Arguments, runtime: Runtime): Term {
  const [name, ...rest] = args.rest;
  const named = args.others;
  if (name === undefined) {
    const attribute = named.get('attribute');
    if (attribute === undefined) throw new PythonError('map requires a filter argument');
    for (const key of named.keys()) {
      if (key !== 'attribute' && key !== 'default') throw new PythonError(`Unexpected keyword argument '${key}'`);
    }
    return itemsOf(value).map(attributeOf(attribute, runtime, named.get('default')));
  }
  if (typeof name !== 'string') throw new PythonError('the name of a filter must be text');
  const applied = runtime.filter(name);
  const { position } = runtime;
  return itemsOf(value).map((item) => {
    runtime.position = position;
    return runtime.applyFilter(name, applied, item, rest, named);
  });
}

function select(wanted: boolean): Filter {
  return filter('* **', (value, args, runtime) => {
    const holds = runtime.predicate(args.rest, args.others);
    return itemsOf(value).filter((item) => holds(item) === wanted);
  });
}

function selectAttribute(wanted: boolean): Filter {
  return filter('* **', (value, args, runtime) => {
    const [path, ...test] = args.rest;
    if (path === undefined) throw new PythonError('missing parameter for attribute name');
    const read = attributeOf(path, runtime);
    const holds = runtime.predicate(test, args.others);
    return itemsOf(value).filter((item) => holds(read(item)) === wanted);
  });
}

export const SELECT_FILTERS: Filters = {
  map: filter('* **', map),
  select: select(true),
  reject: select(false),
  selectattr: selectAttribute(true),
  rejectattr: selectAttribute(false),
};
