/** Host patterns: `web:&prod:!db1`, globs, `~regex`, `web[0:2]`, `@file` in a limit. */

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Fault, type Findings, type Where } from '../fault.ts';
import type { Inventory } from './inventory.ts';

export interface SelectOptions {
  readonly limit?: string;
  readonly findings?: Findings;
  readonly where?: Where;
  readonly workingDirectory?: string;
}

/** In inventory order. What matches nothing is a warning, a limit that does is a fault. */
export function selectHosts(
  inventory: Inventory,
  pattern: string | readonly string[],
  options: SelectOptions = {},
): readonly string[] {
  const hosts = evaluate(inventory, splitPatterns(pattern), options);
  if (options.limit === undefined) return hosts;
  const limit = limitPatterns(options.limit, options.workingDirectory);
  const allowed = new Set(evaluate(inventory, limit, options));
  if (allowed.size === 0) {
    throw new Fault(
      'pattern-empty',
      `Specified inventory, host pattern and/or --limit leaves us with no hosts to target: ${options.limit}`,
    );
  }
  return hosts.filter((host) => allowed.has(host));
}

/** Ansible's rule: commas split; else colons do, unless the whole is an address such as `::1`. */
export function splitPatterns(pattern: string | readonly string[]): readonly string[] {
  if (typeof pattern !== 'string') return pattern.flatMap(splitPatterns);
  if (pattern.includes(',')) return pattern.split(',').flatMap((part) => splitPatterns(part.trim()));
  const trimmed = pattern.trim();
  if (trimmed === '') return [];
  if (/^\[?[\da-fA-F]*:[\da-fA-F:.]*:[\da-fA-F:.]*\]?$/.test(trimmed) || trimmed.startsWith('~')) return [trimmed];
  return trimmed.match(/(?:[^\s:[\]]|\[[^\]]*\])+/g) ?? [];
}

function limitPatterns(limit: string, workingDirectory = '.'): readonly string[] {
  return splitPatterns(limit).flatMap((one) => {
    if (!one.startsWith('@')) return [one];
    const file = resolve(workingDirectory, one.slice(1));
    try {
      return readFileSync(file, 'utf8').split('\n').flatMap(splitPatterns);
    } catch (error) {
      throw new Fault('file-missing', `Unable to find limit file ${file}`, { cause: error });
    }
  });
}

function evaluate(inventory: Inventory, patterns: readonly string[], options: SelectOptions): readonly string[] {
  const plain = patterns.filter((one) => !/^[!&]/.test(one));
  const hosts = new Set((plain.length > 0 ? plain : ['all']).flatMap((one) => matchOne(inventory, one, options)));
  for (const one of patterns.filter((each) => each.startsWith('&'))) {
    const kept = new Set(matchOne(inventory, one.slice(1), options));
    for (const host of hosts) if (!kept.has(host)) hosts.delete(host);
  }
  for (const one of patterns.filter((each) => each.startsWith('!'))) {
    for (const host of matchOne(inventory, one.slice(1), options)) hosts.delete(host);
  }
  return [...hosts];
}

function matchOne(inventory: Inventory, pattern: string, options: SelectOptions): readonly string[] {
  const { expression, pick } = splitSubscript(pattern);
  const hosts = matchExpression(inventory, expression);
  if (hosts.length === 0 && pattern !== 'all') {
    options.findings?.warn('pattern-empty', `Could not match supplied host pattern, ignoring: ${pattern}`, {
      where: options.where,
    });
  }
  return pick(hosts);
}

/** `web[0]`, `web[-1]`, `web[0:2]` (both ends count), `web[1:]`. */
function splitSubscript(pattern: string): {
  expression: string;
  pick: (hosts: readonly string[]) => readonly string[];
} {
  const match = pattern.startsWith('~') ? null : /^(.+)\[(?:(-?\d+)|(\d+)[:-](\d*))\]$/.exec(pattern);
  if (!match) return { expression: pattern, pick: (hosts) => hosts };
  const [, expression = '', index, start, end] = match;
  if (index !== undefined) return { expression, pick: (hosts) => hosts.slice(Number(index)).slice(0, 1) };
  return { expression, pick: (hosts) => hosts.slice(Number(start), end ? Number(end) + 1 : undefined) };
}

function matchExpression(inventory: Inventory, pattern: string): readonly string[] {
  const test = matcher(pattern);
  const groups = [...inventory.groups.keys()].filter(test);
  const found = new Set(groups.flatMap((group) => inventory.hostsOf(group)));
  if (groups.length === 0 || /^~|[.?*[]/.test(pattern)) {
    for (const host of inventory.hosts.keys()) if (test(host)) found.add(host);
  }
  if (found.size === 0 && groups.length === 0) {
    const local = inventory.host(pattern);
    if (local) found.add(local.name);
  }
  return [...found];
}

function matcher(pattern: string): (name: string) => boolean {
  if (pattern.startsWith('~')) {
    const expression = regex(pattern.slice(1), pattern);
    return (name) => expression.test(name);
  }
  if (!/[*?[]/.test(pattern)) return (name) => name === pattern;
  const expression = regex(`(?:${glob(pattern)})$`, pattern);
  return (name) => expression.test(name);
}

function regex(source: string, pattern: string): RegExp {
  try {
    return new RegExp(`^(?:${source})`, 's');
  } catch (error) {
    throw new Fault('pattern-invalid', `Invalid host list pattern: ${pattern}`, { cause: error });
  }
}

function glob(pattern: string): string {
  return pattern.replace(/\[!?[^\]]+\]|[\s\S]/g, (part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    if (part.length > 1) return part.replace(/^\[!/, '[^');
    return part.replace(/[.+^${}()|[\]\\]/, '\\$&');
  });
}
