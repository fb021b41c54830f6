import type { Where } from '../../fault.ts';
import { PythonError } from '../../value/python-error.ts';
import { str, typeName } from '../../value/text.ts';
import { truthy } from '../../value/truth.ts';
import { type Dict, isDict, isList, type Value } from '../../value/value.ts';
import type { Scope } from '../scope.ts';
import type { Templar } from '../templar.ts';

/** What a lookup may reach besides its terms. */
export interface LookupContext {
  readonly scope: Scope;
  readonly templar: Templar;
  readonly where?: Where | undefined;
}

/** Finds values for terms. Throws a PythonError. */
export type Lookup = (terms: readonly Value[], options: Dict, context: LookupContext) => Iterable<Value>;

export function listOf(value: Value | undefined, what: string): readonly Value[] {
  if (isList(value)) return value;
  throw new PythonError(`${what} must be a list, not ${typeName(value ?? null)}`);
}

export function dictFrom(value: Value | undefined, what: string): Dict {
  if (isDict(value)) return value;
  throw new PythonError(`${what} must be a dictionary, not ${typeName(value ?? null)}`);
}

export function textOption(options: Dict, name: string, fallback: string): string {
  const value = options.get(name) ?? null;
  return value === null ? fallback : str(value);
}

export function flagOption(options: Dict, name: string, fallback: boolean): boolean {
  const value = options.get(name) ?? null;
  if (typeof value === 'string') return /^(y|yes|on|1|true|t)$/i.test(value);
  return value === null ? fallback : truthy(value);
}

/** `'name key=value "quoted key"=…'`: the words without `=`, joined, and the settings. */
export function parseSettings(text: string): {
  readonly words: string;
  readonly settings: ReadonlyMap<string, string>;
} {
  const settings = new Map<string, string>();
  const words: string[] = [];
  for (const [word] of text.matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g)) {
    const [, key, value] = /^(\w+)=(.*)$/s.exec(word) ?? [];
    if (key === undefined || value === undefined) words.push(word);
    else settings.set(key, value.replace(/^(['"])(.*)\1$/s, '$2'));
  }
  return { words: words.join(' '), settings };
}
