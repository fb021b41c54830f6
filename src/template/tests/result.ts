/** Tests of registered results. */

import { numberOf } from '../../value/arithmetic.ts';
import { dictGet } from '../../value/dict.ts';
import { PythonError } from '../../value/python-error.ts';
import { isTermDict, isTermList, type Term } from '../../value/term.ts';
import { typeName } from '../../value/text.ts';
import { truthy } from '../../value/truth.ts';
import { type Test, type Tests, test } from '../language.ts';

function member(result: Term, name: string): Term | undefined {
  if (isTermDict(result)) return dictGet(result, name);
  throw new PythonError(`the result of a task is needed, not ${typeName(result)}`);
}

const says = (result: Term, name: string): boolean => truthy(member(result, name) ?? false);

/** A loop changed something when any of its items did. */
function changed(result: Term): boolean {
  const own = member(result, 'changed');
  if (own !== undefined) return truthy(own);
  const results = member(result, 'results') ?? null;
  return isTermList(results) && results.some((item) => isTermDict(item) && truthy(dictGet(item, 'changed') ?? false));
}

const failed: Test = test('', (result) => says(result, 'failed'));
const succeeded: Test = test('', (result) => !says(result, 'failed'));
const changedTest: Test = test('', changed);
const skipped: Test = test('', (result) => says(result, 'skipped'));

export const RESULT_TESTS: Tests = {
  failed,
  failure: failed,
  succeeded,
  success: succeeded,
  successful: succeeded,
  changed: changedTest,
  change: changedTest,
  skipped,
  skip: skipped,
  unreachable: test('', (result) => says(result, 'unreachable')),
  reachable: test('', (result) => !says(result, 'unreachable')),
  timedout: test('', (result) => {
    const timedout = member(result, 'timedout') ?? false;
    return isTermDict(timedout) ? truthy(dictGet(timedout, 'period') ?? false) : truthy(timedout);
  }),
  started: test('', (result) => numberOf(member(result, 'started') ?? 0) !== 0),
  finished: test('', (result) => numberOf(member(result, 'finished') ?? 1) !== 0),
};
