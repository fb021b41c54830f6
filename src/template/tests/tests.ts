import type { Tests } from '../language.ts';
import { COMPARE_TESTS } from './compare.ts';
import { FILE_TESTS } from './file.ts';
import { RESULT_TESTS } from './result.ts';
import { TEXT_TESTS } from './text.ts';
import { TYPE_TESTS } from './type.ts';

/** All tests by name. */
export const TESTS: Tests = { ...TYPE_TESTS, ...COMPARE_TESTS, ...TEXT_TESTS, ...RESULT_TESTS, ...FILE_TESTS };
