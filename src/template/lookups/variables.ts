/** Lookups of variables and of this machine's environment. */

import { pyRegex } from '../../value/py-regex.ts';
import { PythonError } from '../../value/python-error.ts';
import { str } from '../../value/text.ts';
import { isDict, isList, type Value } from '../../value/value.ts';
import { undefinedFailure } from '../failure.ts';
import { finish } from '../finish.ts';
import { globPattern } from './files.ts';
import type { Lookup } from './lookup.ts';

const vars: Lookup = (terms, options, { scope }) =>
  terms.map((term) => {
    if (typeof term !== 'string') throw new PythonError('the lookup vars takes names of variables');
    const found = scope.term(term);
    const value = found === undefined ? options.get('default') : finish(found);
    if (value === undefined) throw undefinedFailure(`No variable found with this name: ${term}`);
    return value;
  });

const varnames: Lookup = (terms, _options, { scope }) =>
  terms.flatMap((term) => {
    const pattern = pyRegex(str(term));
    return scope.names().filter((name) => pattern.test(name));
  });

const env: Lookup = (terms, options, { templar }) =>
  terms.map((term) => {
    const name = str(term);
    const value = process.env[name];
    templar.onRead?.({ kind: 'environment', name, value });
    return value ?? options.get('default') ?? '';
  });

/** Hosts that a pattern of host and group names, `:`, `!` and `&` selects from the variable `groups`. */
const inventoryHostnames: Lookup = (terms, _options, { scope }) => {
  const groups = scope.get('groups') ?? new Map<Value, Value>();
  const members = (name: string): readonly Value[] => {
    const group = isDict(groups) ? groups.get(name) : undefined;
    if (isList(group)) return group;
    const all = isDict(groups) ? groups.get('all') : undefined;
    const pattern = globPattern(name);
    return isList(all) ? all.filter((host) => name === '*' || pattern.test(str(host))) : [];
  };
  let hosts: readonly Value[] = [];
  for (const part of terms.flatMap((term) => str(term).split(/[:,]/))) {
    const name = part.trim();
    if (name.startsWith('!')) hosts = hosts.filter((host) => !members(name.slice(1)).includes(host));
    else if (name.startsWith('&')) hosts = hosts.filter((host) => members(name.slice(1)).includes(host));
    else hosts = [...hosts, ...members(name).filter((host) => !hosts.includes(host))];
  }
  return hosts;
};

export const VARIABLE_LOOKUPS: Readonly<Record<string, Lookup>> = {
  vars,
  varnames,
  env,
  inventory_hostnames: inventoryHostnames,
};
