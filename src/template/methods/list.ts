import { compare, equal } from '../../value/compare.ts';
import { PythonError } from '../../value/python-error.ts';
import type { Term } from '../../value/term.ts';
import { repr } from '../../value/text.ts';
import { method, methods } from './method.ts';

/** Methods of lists and tuples. */
export const LIST_METHODS = methods<readonly Term[]>({
  index: method('value start stop', (list, args) => {
    const value = args.required('value');
    const stop = args.number('stop', list.length);
    const index = list.findIndex((item, at) => at >= args.number('start', 0) && at < stop && equal(item, value));
    if (index < 0) throw new PythonError(`${repr(value)} is not in list`);
    return index;
  }),
  count: method('value', (list, args) => {
    const value = args.required('value');
    return list.filter((item) => equal(item, value)).length;
  }),
  copy: method('', (list) => [...list]),
});

export const CHANGING_LIST_METHODS = methods<Term[]>({
  append: method('item', (list, args) => {
    list.push(args.raw('item') ?? args.required('item'));
    return null;
  }),
  extend: method('items', (list, args) => {
    for (const item of [...args.list('items')]) list.push(item);
    return null;
  }),
  insert: method('index item', (list, args) => {
    list.splice(args.number('index'), 0, args.required('item'));
    return null;
  }),
  pop: method('index', (list, args) => {
    const [item] = list.splice(args.number('index', -1), 1);
    if (item === undefined) throw new PythonError('pop index out of range');
    return item;
  }),
  remove: method('value', (list, args) => {
    const value = args.required('value');
    const index = list.findIndex((item) => equal(item, value));
    if (index < 0) throw new PythonError('list.remove(x): x not in list');
    list.splice(index, 1);
    return null;
  }),
  reverse: method('', (list) => {
    list.reverse();
    return null;
  }),
  sort: method('reverse', (list, args) => {
    list.sort((a, b) => compare(a, b) * (args.flag('reverse') ? -1 : 1));
    return null;
  }),
  clear: method('', (list) => {
    list.length = 0;
    return null;
  }),
});
