/** Whether a request is one that a rule is for; pure. */

import { parseAddress, parseCidr } from '../cidr.ts';
import type { QueryPair, RuleCondition } from './balancing-records.ts';

export interface AskedFor {
  readonly method: string;
  /** As it came, with the query. */
  readonly target: string;
  /** As Node gives them: names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The client's address. */
  readonly client: string;
}

export function matches(conditions: readonly RuleCondition[], asked: AskedFor): boolean {
  return conditions.every((condition) => holds(condition, asked));
}

function holds(condition: RuleCondition, asked: AskedFor): boolean {
  switch (condition.field) {
    case 'path-pattern':
      return condition.values.some((value) => like(value).test(pathOf(asked.target)));
    case 'host-header':
      return condition.values.some((value) => like(value, 'i').test(hostOf(asked)));
    case 'http-request-method':
      return condition.values.includes(asked.method);
    case 'source-ip':
      return condition.values.some((value) => isWithin(asked.client, value));
    case 'http-header': {
      const found = [asked.headers[condition.header.toLowerCase()] ?? []].flat();
      return condition.values.some((value) => found.some((text) => like(value, 'i').test(text)));
    }
    case 'query-string':
      return condition.pairs.some((pair) => hasPair(asked.target, pair));
  }
}

export function pathOf(target: string): string {
  return target.split('?', 1)[0] ?? '';
}

export function queryOf(target: string): string {
  const mark = target.indexOf('?');
  return mark < 0 ? '' : target.slice(mark + 1);
}

/** Without the port. */
export function hostOf({ headers }: Pick<AskedFor, 'headers'>): string {
  return String(headers['host'] ?? '').replace(/:\d+$/, '');
}

function hasPair(target: string, { key, value }: QueryPair): boolean {
  const [isKey, isValue] = [key === undefined ? /^/ : like(key, 'i'), like(value, 'i')];
  return [...new URLSearchParams(queryOf(target))].some(([name, text]) => isKey.test(name) && isValue.test(text));
}

function isWithin(address: string, network: string): boolean {
  const [value, cidr] = [parseAddress(address), parseCidr(network)];
  return value !== undefined && cidr !== undefined && value >= cidr.first && value <= cidr.last;
}

const PATTERNS = new Map<string, RegExp>();

/** `*` and `?` stand for any characters and for one; a backslash takes that meaning from them. */
function like(pattern: string, flags = ''): RegExp {
  const key = `${flags} ${pattern}`;
  const made = PATTERNS.get(key) ?? new RegExp(`^${source(pattern)}$`, `s${flags}`);
  if (PATTERNS.size > 1000) PATTERNS.clear();
  PATTERNS.set(key, made);
  return made;
}

function source(pattern: string): string {
  return pattern.replace(/\\([*?\\])|([*?])|([.+^${}()|[\]\\])/g, (_, literal, sign, special) => {
    if (sign !== undefined) return sign === '*' ? '.*' : '.';
    return `\\${literal ?? special}`;
  });
}
