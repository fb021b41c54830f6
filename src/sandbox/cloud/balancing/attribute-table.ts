/** Attributes: texts by key, each with a default, of which some have an effect here. */

import { ApiError } from '../protocol/api-error.ts';
import type { Attributes } from './balancing-records.ts';
import { validationError } from './validation-error.ts';

export interface AttributeRule {
  readonly standard: string;
  readonly allows: (value: string) => boolean;
  /** What a value must be, in words. */
  readonly must: string;
  /** Why the sandbox cannot have another value than the default; such a value is refused. */
  readonly lacks?: string;
}

export type AttributeTable = Readonly<Record<string, AttributeRule>>;

export interface Attribute {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

export function flag(standard: boolean): AttributeRule {
  return choice(String(standard), ['true', 'false']);
}

export function choice(standard: string, values: readonly string[]): AttributeRule {
  return { standard, allows: (value) => values.includes(value), must: `one of [${values.join(', ')}]` };
}

/** A whole number; `besides` are other values. */
export function whole(
  standard: string,
  [least, most]: readonly [number, number],
  besides: readonly string[] = [],
): AttributeRule {
  const allows = (value: string) =>
    besides.includes(value) || (/^\d{1,9}$/.test(value) && Number(value) >= least && Number(value) <= most);
  const or = besides.map((value) => ` or '${value}'`).join('');
  return { standard, allows, must: `between '${least}-${most}' inclusive${or}` };
}

export function text(standard = ''): AttributeRule {
  return { standard, allows: (value) => value.length <= 1024, must: 'at most 1024 characters long' };
}

/** An attribute that can only have its default here. */
export function lacking(rule: AttributeRule, why: string): AttributeRule {
  return { ...rule, lacks: why };
}

/** Throws the ApiErrors `ValidationError` and, for what the sandbox lacks, `UnsupportedOperation`. `noun` is such as `Load balancer`. */
export function changedAttributes(
  before: Attributes,
  changes: readonly Attribute[] = [],
  table: AttributeTable,
  noun: string,
): Attributes {
  const after: Record<string, string> = { ...before };
  for (const { Key = '', Value = '' } of changes) {
    const rule = Object.hasOwn(table, Key) ? table[Key] : undefined;
    if (rule === undefined) throw validationError(`${noun} attribute key '${Key}' is not recognized`);
    if (!rule.allows(Value)) throw validationError(`'${Key}' value '${Value}' must be ${rule.must}`);
    if (rule.lacks !== undefined && Value !== rule.standard) {
      throw new ApiError('UnsupportedOperation', `The sandbox cannot have ${Key}=${Value}: ${rule.lacks}`);
    }
    after[Key] = Value;
  }
  return after;
}

export function shownAttributes(set: Attributes, table: AttributeTable): { Key: string; Value: string }[] {
  return Object.entries(table).map(([Key, { standard }]) => ({ Key, Value: set[Key] ?? standard }));
}

/** What is in force: what was set, else the default. */
export function attributeOf(set: Attributes, table: AttributeTable, key: string): string {
  return set[key] ?? table[key]?.standard ?? '';
}
