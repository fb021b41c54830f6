import { PythonError } from '../../value/python-error.ts';
import { str } from '../../value/text.ts';
import { test } from '../language.ts';
import { type Compare, compareLoose, comparePep440, compareSemantic, compareStrict } from './version-order.ts';

const OPERATORS: ReadonlyMap<string, (order: number) => boolean> = new Map(
  Object.entries({
    '==': (order: number) => order === 0,
    '!=': (order: number) => order !== 0,
    '<': (order: number) => order < 0,
    '<=': (order: number) => order <= 0,
    '>': (order: number) => order > 0,
    '>=': (order: number) => order >= 0,
  }),
);

const ALIASES: Readonly<Record<string, string>> = {
  '=': '==',
  eq: '==',
  '<>': '!=',
  ne: '!=',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
};

const TYPES: Readonly<Record<string, Compare>> = {
  loose: compareLoose,
  strict: compareStrict,
  semver: compareSemantic,
  semantic: compareSemantic,
  pep440: comparePep440,
};

/** `version('1.2', '>=', version_type='semver')` */
export const VERSION_TEST = test('version operator strict version_type', (value, args) => {
  const [left, right, operator] = [str(value), args.text('version'), args.text('operator', 'eq')];
  if (left === '') throw new PythonError('Input version value cannot be empty');
  if (right === '') throw new PythonError('Version parameter to compare against cannot be empty');
  const holds = OPERATORS.get(ALIASES[operator] ?? operator);
  if (!holds) {
    throw new PythonError(
      `Invalid operator type (${operator}). Must be one of '==', '=', 'eq', '<', 'lt', '<=', 'le', ` +
        "'>', 'gt', '>=', 'ge', '!=', '<>', 'ne'",
    );
  }
  const type = args.text('version_type', args.flag('strict') ? 'strict' : 'loose');
  const compare = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (!compare)
    throw new PythonError(`Invalid version type (${type}). Must be one of ${Object.keys(TYPES).join(', ')}`);
  return holds(compare(left, right));
});
