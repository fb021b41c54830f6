import { itemsOf } from '../../value/iterate.ts';
import { isInt } from '../../value/number.ts';
import { PythonError } from '../../value/python-error.ts';
import { str } from '../../value/text.ts';
import type { Arguments } from '../arguments.ts';
import { PythonRandom } from '../crypt/python-random.ts';
import { type Filters, filter } from '../language.ts';
import { crypto } from '../on-demand.ts';

/** Draws whole numbers from 0 up to a limit: with a seed always the same ones, as Python's. */
function drawer(args: Arguments): (limit: number) => number {
  const seed = args.get('seed') ?? null;
  if (seed === null) return (limit) => crypto().randomInt(limit);
  const random = new PythonRandom(isInt(seed) ? seed : str(seed));
  return (limit) => random.below(limit);
}

export const RANDOM_FILTERS: Filters = {
  random: filter('start step seed', (value, args, runtime) => {
    const draw = drawer(args);
    if (isInt(value)) {
      const [start, step] = [args.number('start', 0), args.number('step', 1)];
      const count = Math.ceil((Number(value) - start) / step);
      if (count <= 0) throw new PythonError('empty range for randrange()');
      return start + step * draw(count);
    }
    const items = itemsOf(value);
    if (items.length === 0) return runtime.undefined('No random item, sequence was empty.');
    return items[draw(items.length)]!;
  }),
  shuffle: filter('seed', (value, args) => {
    const draw = drawer(args);
    const items = [...itemsOf(value)];
    for (let i = items.length - 1; i > 0; i--) {
      const j = draw(i + 1);
      [items[i], items[j]] = [items[j]!, items[i]!];
    }
    return items;
  }),
};
