/** Hosts as inventories name them: `www[01:50:2].example.com`, `db-[a:f]`, `web1:2222`. */

import { parseAddress } from './address.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

export interface HostNames {
  readonly names: readonly string[];
  readonly port?: number;
}

/** The hosts that a text stands for, which share a port. Throws RangeError with what is wrong. */
export function expandHosts(text: string): HostNames {
  const { host, port } = parseAddress(text) ?? { host: text };
  const names = expand(host);
  return port === undefined ? { names } : { names, port };
}

function expand(pattern: string): readonly string[] {
  const open = pattern.indexOf('[');
  if (open < 0) return [pattern];
  const close = pattern.indexOf(']');
  if (close < 0) throw new RangeError(`the [ in ${pattern} is not closed`);
  if (close < open) throw new RangeError(`the ] in ${pattern} closes nothing`);
  const head = pattern.slice(0, open);
  const tail = pattern.slice(close + 1);
  return members(pattern.slice(open, close + 1)).flatMap((member) => expand(head + member + tail));
}

function members(whole: string): readonly string[] {
  const [begin = '', end, step = '1', ...rest] = whole.slice(1, -1).split(':');
  if (end === undefined || rest.length > 0) {
    throw new RangeError(`host range ${whole} must be [begin:end] or [begin:end:step]`);
  }
  if (end === '') throw new RangeError(`host range ${whole} must end with a value`);
  if (!/^0*[1-9]\d*$/.test(step)) throw new RangeError(`host range ${whole} must have a step of 1 or more`);
  if (/^[A-Za-z]$/.test(begin) && /^[A-Za-z]$/.test(end)) {
    const letters = LETTERS.slice(LETTERS.indexOf(begin), LETTERS.indexOf(end) + 1);
    if (letters === '') throw new RangeError(`host range ${whole} must have begin <= end`);
    return [...letters].filter((_, index) => index % Number(step) === 0);
  }
  if (!/^\d*$/.test(begin) || !/^\d+$/.test(end)) {
    throw new RangeError(`host range ${whole} must hold numbers or letters`);
  }
  return numbers(begin || '0', end, Number(step), whole);
}

function numbers(begin: string, end: string, step: number, whole: string): readonly string[] {
  const width = begin.length > 1 && begin.startsWith('0') ? begin.length : 0;
  if (width > 0 && width !== end.length) {
    throw new RangeError(`host range ${whole} must specify equal-length begin and end formats`);
  }
  const [from, to] = [Number(begin), Number(end)];
  if (from > to) throw new RangeError(`host range ${whole} must have begin <= end`);
  const result: string[] = [];
  for (let number = from; number <= to; number += step) result.push(String(number).padStart(width, '0'));
  return result;
}
