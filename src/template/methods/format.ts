/** Python's `'{} {name:>8}'.format(…)`. Attributes are refused: they lead out of the data. */

import { formatSpec } from '../../value/format-spec.ts';
import { PythonError } from '../../value/python-error.ts';
import { demand, type Term } from '../../value/term.ts';
import { repr, str } from '../../value/text.ts';
import { itemOf } from '../access.ts';

const FIELD = /\{\{|\}\}|\{((?:[^{}]|\{[^{}]*\})*)\}|[{}]/g;
const PATH = /^([^.[]*)((?:\.[^.[]+|\[[^\]]+\])*)$/;

/** Something that knows arguments by name. */
export interface Names {
  get(name: string): Term | undefined;
}

export function formatText(format: string, positional: readonly Term[], named: Names): string {
  let automatic = 0;
  const argument = (name: string): Term => {
    const index = name === '' ? automatic++ : /^\d+$/.test(name) ? Number(name) : undefined;
    const term = index === undefined ? named.get(name) : positional[index];
    if (term !== undefined) return term;
    throw new PythonError(
      index === undefined ? `the format names '${name}', which is not given` : 'the format needs more arguments',
    );
  };
  const fill = (text: string, depth: number): string =>
    text.replace(FIELD, (all, body?: string) => {
      if (all === '{{' || all === '}}') return all.charAt(0);
      if (body === undefined) throw new PythonError(`Single '${all}' encountered in format string`);
      const { path, conversion, spec } = parseField(body);
      const value = converted(follow(path, argument), conversion);
      return formatSpec(value, depth < 2 && spec.includes('{') ? fill(spec, depth + 1) : spec);
    });
  return fill(format, 0);
}

function parseField(body: string): { path: string; conversion: string | undefined; spec: string } {
  const colon = body.indexOf(':');
  const name = colon < 0 ? body : body.slice(0, colon);
  const conversion = /!([rsa])$/.exec(name)?.[1];
  return {
    path: conversion === undefined ? name : name.slice(0, -2),
    conversion,
    spec: colon < 0 ? '' : body.slice(colon + 1),
  };
}

function follow(path: string, argument: (name: string) => Term): Term {
  const found = PATH.exec(path);
  if (!found) throw new PythonError('bad field name in format string');
  const [, name = '', steps = ''] = found;
  let term = argument(name);
  demand(term);
  for (const step of steps.match(/\.[^.[]+|\[[^\]]+\]/g) ?? []) {
    if (step.startsWith('.')) throw new PythonError('attribute access in format strings is not allowed');
    const key = step.slice(1, -1);
    const item = itemOf(term, /^\d+$/.test(key) ? Number(key) : key);
    if (item === undefined) throw new PythonError(`the format names '${key}', which is not there`);
    term = item;
  }
  return term;
}

function converted(value: Term, conversion: string | undefined): Term {
  if (conversion === undefined) return value;
  return conversion === 's' ? str(value) : repr(value);
}
