/** Host patterns: `web:&prod:!db1`, globs, `~regex`, `web[0:2]`, `@file` in a limit. */

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Fault, type Findings, type Where } from '../fault.ts';
import { near } from '../value/near.ts';
import { parseAddress } from './address.ts';
import type { Inventory } from './inventory.ts';
import { nameMatcher } from './name-matcher.ts';

export interface SelectOptions {
  /** `--limit`: of the hosts, only those that these patterns select too. */
  readonly limit?: string;
  readonly findings?: Findings;
  /** Where the pattern stands. */
  readonly where?: Where;
  /** Where the files of a limit are looked for. */
  readonly workingDirectory?: string;
}

/**
 * The hosts in inventory order. A pattern that matches neither group nor host is a warning. Throws a Fault for a pattern
 * that cannot be read, for `web[7]` when there are not so many, and for a limit that leaves no host of the inventory.
 */
export function selectHosts(
  inventory: Inventory,
  pattern: string | readonly string[],
  options: SelectOptions = {},
): readonly string[] {
  const hosts = evaluate(inventory, splitPatterns(pattern), options);
  const { limit } = options;
  if (limit === undefined) return hosts;
  const allowed = new Set(evaluate(inventory, limitPatterns(limit, options.workingDirectory), options));
  if (inventory.hosts.size > 0 && !inventory.hostsOf('all').some((host) => allowed.has(host))) {
    const message = 'Specified inventory, host pattern and/or --limit leaves us with no hosts to target';
    throw new Fault('pattern-empty', `${message}: ${limit}`);
  }
  return hosts.filter((host) => allowed.has(host));
}

/** Ansible's rule: commas split; without one colons do, unless the whole is a host with a port or range, or an address. */
export function splitPatterns(pattern: string | readonly string[]): readonly string[] {
  if (typeof pattern !== 'string') return pattern.flatMap(splitPatterns);
  const parts = pattern.includes(',')
    ? pattern.split(',')
    : parseAddress(pattern)
      ? [pattern]
      : (pattern.match(/(?:[^\s:[\]]|\[[^\]]*\])+/g) ?? []);
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/** Each line of a file is one pattern. */
function limitPatterns(limit: string, workingDirectory = '.'): readonly string[] {
  return splitPatterns(limit).flatMap((one) => {
    if (!one.startsWith('@')) return [one];
    const file = resolve(workingDirectory, one.slice(1));
    try {
      const lines = readFileSync(file, 'utf8').split('\n');
      return lines.map((line) => line.trim()).filter((line) => line !== '');
    } catch (cause) {
      const hint = 'a limit that begins with @ names a file of patterns, one a line';
      throw new Fault('file-missing', `Unable to find limit file ${file}`, { hint, cause });
    }
  });
}

/** Those that a pattern without a sign names, of them those that each & names, without those that a ! names. */
function evaluate(inventory: Inventory, patterns: readonly string[], options: SelectOptions): readonly string[] {
  const signed = (sign: string): readonly (readonly string[])[] =>
    patterns.filter((one) => one.startsWith(sign)).map((one) => matchOne(inventory, one.slice(1), options));
  const plain = patterns.filter((one) => !/^[!&]/.test(one));
  // A host comes before a group of the same name.
  const named = (plain.length > 0 ? plain : ['all']).flatMap((one) =>
    inventory.hosts.has(one) ? [one] : matchOne(inventory, one, options),
  );
  const hosts = new Set(named);
  for (const kept of signed('&').map((names) => new Set(names))) {
    for (const host of hosts) if (!kept.has(host)) hosts.delete(host);
  }
  for (const host of signed('!').flat()) hosts.delete(host);
  return [...hosts];
}

function matchOne(inventory: Inventory, pattern: string, options: SelectOptions): readonly string[] {
  const subscript = pattern.startsWith('~') ? null : SUBSCRIPT.exec(pattern);
  if (!subscript) return matches(inventory, pattern, options);
  const [, expression = '', index, start, sign, end] = subscript;
  if (sign === '-') {
    const message = 'Use [x:y] inclusive subscripts instead of [x-y] which has been removed';
    options.findings?.warn('pattern-invalid', message, { where: options.where });
  }
  const hosts = matches(inventory, expression, options);
  if (hosts.length === 0) return [];
  if (index === undefined && end !== '0') return hosts.slice(Number(start), end ? Number(end) + 1 : undefined);
  const host = hosts.at(Number(index ?? start));
  if (host !== undefined) return [host];
  throw new Fault('pattern-empty', `No hosts matched the subscripted pattern '${pattern}'`, {
    where: options.where,
    hint: `${expression} has ${hosts.length}, which are counted from 0`,
  });
}

/** `web[0]`, `web[-1]`, `web[0:2]` (both ends count), `web[1:]`. */
const SUBSCRIPT = /^(.+)\[(?:(-?[0-9]+)|([0-9]+)([:-])([0-9]*))\]$/;

/** Hosts of the groups that match, and where none does or the pattern is no plain word, hosts that match: perhaps twice. */
function matches(inventory: Inventory, pattern: string, options: SelectOptions): readonly string[] {
  const test = nameMatcher(pattern);
  const groups = [...inventory.groups.keys()].filter(test);
  const found = groups.flatMap((group) => inventory.hostsOf(group));
  if (groups.length === 0 || /^~|[.?*[]/.test(pattern)) found.push(...[...inventory.hosts.keys()].filter(test));
  if (found.length > 0) return found;
  const local = inventory.hosts.has(pattern) ? undefined : inventory.host(pattern);
  if (local) return [local.name];
  if (groups.length === 0 && pattern !== 'all') {
    const [meant] = near(pattern, [...inventory.groups.keys(), ...inventory.hosts.keys()]);
    options.findings?.warn('pattern-empty', `Could not match supplied host pattern, ignoring: ${pattern}`, {
      where: options.where,
      hint: meant === undefined ? undefined : `did you mean "${meant}"?`,
    });
  }
  return [];
}
