/** Tests of what a value is. */

import { numberOf } from '../../value/arithmetic.ts';
import { isFloat, isInt, isNumeric } from '../../value/number.ts';
import { PythonError } from '../../value/python-error.ts';
import { isTermDict, isTermList, type Term } from '../../value/term.ts';
import { str } from '../../value/text.ts';
import { truthy } from '../../value/truth.ts';
import { Callable } from '../callable.ts';
import { lenientTest, type Tests, test } from '../language.ts';
import { toBool } from '../to-bool.ts';
import { Undefined } from '../undefined.ts';

const isIterable = (value: Term): boolean => typeof value === 'string' || isTermList(value) || isTermDict(value);

/** `truthy(convert_bool=true)`: text that says yes or no is taken at its word. */
function truthOf(value: Term, convert: boolean): boolean {
  const says = typeof value === 'string' && /^(?:y|yes|on|1|true|t|n|no|off|0|false|f)$/i.test(value);
  return convert && says ? toBool(value) : truthy(value);
}

export const TYPE_TESTS: Tests = {
  defined: lenientTest('', (value) => !(value instanceof Undefined)),
  undefined: lenientTest('', (value) => value instanceof Undefined),
  none: test('', (value) => value === null),
  boolean: test('', (value) => typeof value === 'boolean'),
  true: test('', (value) => value === true),
  false: test('', (value) => value === false),
  string: test('', (value) => typeof value === 'string'),
  number: test('', isNumeric),
  integer: test('', isInt),
  float: test('', isFloat),
  mapping: test('', isTermDict),
  sequence: test('', isIterable),
  iterable: test('', isIterable),
  callable: test('', (value) => value instanceof Callable),
  escaped: test('', () => false),
  odd: test('', (value) => Math.abs(numberOf(value) % 2) === 1),
  even: test('', (value) => numberOf(value) % 2 === 0),
  divisibleby: test('num', (value, args) => {
    if (args.number('num') === 0) throw new PythonError('integer modulo by zero');
    return numberOf(value) % args.number('num') === 0;
  }),
  nan: test('', (value) => Number.isNaN(numberOf(value))),
  isnan: test('', (value) => Number.isNaN(numberOf(value))),
  truthy: test('convert_bool', (value, args) => truthOf(value, args.flag('convert_bool'))),
  falsy: test('convert_bool', (value, args) => !truthOf(value, args.flag('convert_bool'))),
  filter: test('', (value, _args, { language }) => language.filter(str(value)) !== undefined),
  test: test('', (value, _args, { language }) => language.test(str(value)) !== undefined),
};
