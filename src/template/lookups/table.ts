import { FILE_LOOKUPS } from './files.ts';
import { LIST_LOOKUPS } from './lists.ts';
import type { Lookup } from './lookup.ts';
import { password } from './password.ts';
import { sequence } from './sequence.ts';
import { TABLE_LOOKUPS } from './tables.ts';
import { VARIABLE_LOOKUPS } from './variables.ts';

/** All lookups by name. */
export const LOOKUPS: ReadonlyMap<string, Lookup> = new Map(
  Object.entries({ ...LIST_LOOKUPS, ...FILE_LOOKUPS, ...VARIABLE_LOOKUPS, ...TABLE_LOOKUPS, sequence, password }),
);
