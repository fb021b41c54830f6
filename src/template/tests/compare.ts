/** Tests that compare. */

import { compare, contains, equal } from '../../value/compare.ts';
import { itemsOf } from '../../value/iterate.ts';
import { truthy } from '../../value/truth.ts';
import { type Test, type Tests, test } from '../language.ts';
import { TermSet } from '../unique.ts';
import { VERSION_TEST } from './version.ts';

const equals = test('other', (value, args) => equal(value, args.required('other')));
const differs = test('other', (value, args) => !equal(value, args.required('other')));

const ordered = (operator: string, holds: (order: number) => boolean): Test =>
  test('other', (value, args) => holds(compare(value, args.required('other'), operator)));

const less = ordered('<', (order) => order < 0);
const greater = ordered('>', (order) => order > 0);
const atMost = ordered('<=', (order) => order <= 0);
const atLeast = ordered('>=', (order) => order >= 0);

const subset = test('b', (value, args) => {
  const all = new TermSet(args.list('b'));
  return itemsOf(value).every((item) => all.has(item));
});
const superset = test('b', (value, args) => {
  const all = new TermSet(itemsOf(value));
  return args.list('b').every((item) => all.has(item));
});

export const COMPARE_TESTS: Tests = {
  eq: equals,
  equalto: equals,
  '==': equals,
  ne: differs,
  '!=': differs,
  lt: less,
  lessthan: less,
  '<': less,
  gt: greater,
  greaterthan: greater,
  '>': greater,
  le: atMost,
  '<=': atMost,
  ge: atLeast,
  '>=': atLeast,
  in: test('seq', (value, args) => contains(args.required('seq'), value)),
  sameas: test('other', (value, args) => value === args.required('other')),
  contains: test('value', (value, args) => contains(value, args.required('value'))),
  subset,
  issubset: subset,
  superset,
  issuperset: superset,
  any: test('', (value) => itemsOf(value).some(truthy)),
  all: test('', (value) => itemsOf(value).every(truthy)),
  version: VERSION_TEST,
  version_compare: VERSION_TEST,
};
