/** Host patterns in inventories: `www[01:50:2].example.com`, `db-[a:f]`, and `host:port`. */

const RANGE = /\[([^[\]:]*):([^[\]:]*)(?::(\d+))?\]/;
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Every host that a name with ranges stands for. Throws RangeError with what is wrong. */
export function expandHosts(pattern: string): readonly string[] {
  const range = RANGE.exec(pattern);
  if (!range && /\[[^\]]*$/.test(pattern)) throw new RangeError(`the [ in ${pattern} is not closed`);
  if (!range) return [pattern];
  const [whole, begin = '', end = '', step = '1'] = range;
  const head = pattern.slice(0, range.index);
  const tail = pattern.slice(range.index + whole.length);
  return members(begin, end, Number(step), whole).flatMap((member) => expandHosts(head + member + tail));
}

function members(begin: string, end: string, step: number, whole: string): readonly string[] {
  if (end === '') throw new RangeError(`host range ${whole} must end with a value`);
  if (step < 1) throw new RangeError(`host range ${whole} must have a step of 1 or more`);
  if (/^[A-Za-z]$/.test(begin) && /^[A-Za-z]$/.test(end)) {
    const [from, to] = [LETTERS.indexOf(begin), LETTERS.indexOf(end)];
    if (from > to) throw new RangeError(`host range ${whole} must have begin <= end`);
    return [...LETTERS.slice(from, to + 1)].filter((_, index) => index % step === 0);
  }
  if (!/^\d*$/.test(begin) || !/^\d+$/.test(end))
    throw new RangeError(`host range ${whole} must hold numbers or letters`);
  const width = begin.length > 1 && begin.startsWith('0') ? begin.length : 0;
  if (width > 0 && width !== end.length)
    throw new RangeError(`host range ${whole} must specify equal-length begin and end formats`);
  const [from, to] = [Number(begin || '0'), Number(end)];
  if (from > to) throw new RangeError(`host range ${whole} must have begin <= end`);
  const result: string[] = [];
  for (let number = from; number <= to; number += step) result.push(String(number).padStart(width, '0'));
  return result;
}

/** `host:22`, `[::1]:22`; a bare IPv6 address has no port. */
export function splitPort(text: string): { readonly name: string; readonly port?: number } {
  const bracketed = /^\[([\da-fA-F:.%]+)\](?::(\d+))?$/.exec(text);
  if (bracketed) return withPort(bracketed[1] ?? text, bracketed[2]);
  const plain = /^((?:[^:[\]]|\[[^\]]*\])+):(\d+)$/.exec(text);
  return plain ? withPort(plain[1] ?? text, plain[2]) : { name: text };
}

function withPort(name: string, port: string | undefined) {
  return port === undefined ? { name } : { name, port: Number(port) };
}
