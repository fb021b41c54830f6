/** One argument's value as its type wants it, by Ansible's own rules (module_utils/common/validation.py). */

import { str } from '../value/text.ts';
import { type Dict, Float, isDict, isList, type Plain, toPlain, Unsafe, type Value } from '../value/value.ts';
import type { Arg } from './args.ts';
import { parseDict } from './parse-dict.ts';

/** A value that cannot become what the argument wants: `message` says what it must be. */
export class Wrong {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

export type Coerced = Plain | Value | Wrong;

const TRUE = ['y', 'yes', 'on', '1', 'true', 't', '1.0'];
const FALSE = ['n', 'no', 'off', '0', 'false', 'f', '0.0'];

export function coerce(arg: Arg, value: Value): Coerced {
  switch (arg.type) {
    case 'string':
      return str(value);
    case 'path':
      return text(value) ?? new Wrong('must be text');
    case 'mode':
      return mode(value);
    case 'boolean':
      return boolean(value) ?? new Wrong('must be true or false (yes, no, on, off, 1, 0 …)');
    case 'int':
      return int(value) ?? new Wrong('must be a whole number');
    case 'float':
      return number(value) ?? new Wrong('must be a number');
    case 'list':
      return list(value, arg.of);
    case 'dict':
      return dictionary(value);
    case 'enum':
      return choice(value, arg.of);
    case 'raw':
      return toPlain(value);
    case 'value':
      return value;
  }
}

/** What is written in a playbook is judged more sternly than what a template gave: a list is no text there. */
export function coerceLiteral(arg: Arg, value: Value): Coerced {
  if (arg.type === 'string' && (isList(value) || isDict(value))) return new Wrong('must be text');
  return coerce(arg, value);
}

/** A scalar as Python's `str()` writes it; undefined for null, lists and dictionaries. */
function text(value: Value): string | undefined {
  return value === null || isList(value) || isDict(value) ? undefined : str(value);
}

/** YAML reads `0644` as the number 420, which is meant as permission bits; text stays as it is written. */
function mode(value: Value): string | Wrong {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0)
    return `0${value.toString(8).padStart(3, '0')}`;
  const words = text(value);
  if (words === undefined || typeof value === 'boolean' || !isMode(words)) {
    return new Wrong('must be permissions such as "0644" or "u=rw,g=r,o="');
  }
  return words;
}

function isMode(words: string): boolean {
  const symbolic = /^[ugoa]*(?:[-+=](?:[rwxXst]*|[ugo]))+(?:,[ugoa]*(?:[-+=](?:[rwxXst]*|[ugo]))+)*$/;
  return words === 'preserve' || /^(?:0o)?[0-7]{1,6}$/.test(words) || symbolic.test(words);
}

function boolean(value: Value): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const words = text(value)?.toLowerCase().trim();
  if (words === undefined) return undefined;
  return TRUE.includes(words) ? true : FALSE.includes(words) ? false : undefined;
}

function int(value: Value): number | undefined {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'number') return Number.isInteger(value) ? value : undefined;
  const words = value instanceof Float ? undefined : text(value)?.trim();
  return words !== undefined && /^[-+]?\d+(?:_\d+)*$/.test(words) ? Number(words.replaceAll('_', '')) : undefined;
}

function number(value: Value): number | undefined {
  if (typeof value === 'boolean') return Number(value);
  const words = text(value)?.trim();
  return words && /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(words) ? Number(words) : undefined;
}

function list(value: Value, of: (Arg & { type: 'list' })['of']): Coerced {
  const items = isList(value) ? value : split(value);
  if (!items) return new Wrong('must be a list');
  const out: Plain[] = [];
  for (const item of items) {
    const one = element(item, of ?? 'string');
    if (one instanceof Wrong) return new Wrong(`must be a list: an item ${one.message}`);
    out.push(one);
  }
  return out;
}

/** Commas part a text; spaces beside them stay, as in Ansible. */
function split(value: Value): readonly Value[] | undefined {
  return value instanceof Unsafe || typeof value === 'string' ? text(value)?.split(',') : one(text(value));
}

function one(item: string | undefined): readonly string[] | undefined {
  return item === undefined ? undefined : [item];
}

function element(item: Value, of: 'string' | 'path' | 'int' | 'dict' | 'raw'): Plain | Wrong {
  if (of === 'raw') return toPlain(item);
  if (of === 'dict') return dictionary(item);
  if (of === 'int') return int(item) ?? new Wrong('must be a whole number');
  return text(item) ?? new Wrong('must be text');
}

function dictionary(value: Value): { readonly [key: string]: Plain } | Wrong {
  const found = isDict(value) ? value : parseDict(text(value) ?? '');
  return found ? record(found) : new Wrong('must be a dictionary');
}

function record(value: Dict): { readonly [key: string]: Plain } {
  return Object.fromEntries([...value].map(([key, item]) => [text(key) ?? 'null', toPlain(item)]));
}

/** YAML turns `yes` and `no` into booleans: where one choice means the same, it is meant. */
function choice(value: Value, choices: readonly string[]): string | Wrong {
  const words = text(value);
  if (words !== undefined && choices.includes(words)) return words;
  const same =
    typeof value === 'boolean' || words === 'True' || words === 'False' ? alike(words === 'True', choices) : [];
  return same.length === 1 ? same[0]! : new Wrong(`must be one of ${choices.join(', ')}`);
}

function alike(value: boolean, choices: readonly string[]): readonly string[] {
  return choices.filter((each) => (value ? TRUE : FALSE).includes(each));
}
