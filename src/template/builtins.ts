/** Everything that a template may call by name. */

import type { Term } from '../value/term.ts';
import { FILTERS } from './filters/filters.ts';
import { GLOBALS } from './globals.ts';
import type { Filter, Language, Test } from './language.ts';
import type { Runtime } from './runtime.ts';
import { TESTS } from './tests/tests.ts';

const BUILTIN = /^ansible\.(?:builtin|legacy)\./;

const filters: ReadonlyMap<string, Filter> = new Map(Object.entries(FILTERS));
const tests: ReadonlyMap<string, Test> = new Map(Object.entries(TESTS));
const globals: ReadonlyMap<string, (runtime: Runtime) => Term> = new Map(Object.entries(GLOBALS));

export const BUILTINS: Language = {
  filter: (name) => filters.get(name.replace(BUILTIN, '')),
  test: (name) => tests.get(name.replace(BUILTIN, '')),
  global: (name, runtime) => globals.get(name)?.(runtime),
  filterNames: [...filters.keys()],
  testNames: [...tests.keys()],
};
