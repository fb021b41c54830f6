import { syntaxFailure } from './failure.ts';

const ESCAPE = /\\(x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-7]{1,3}|\n|.)/gs;
const SIMPLE: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['v', '\v'],
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['\n', ''],
]);

/** The text of a string literal's inside, with Python's escapes. An unknown escape stays as it is written. */
export function unescapeLiteral(inside: string, position: number): string {
  if (!inside.includes('\\')) return inside;
  return inside.replace(ESCAPE, (all, code: string) => {
    const simple = SIMPLE.get(code);
    if (simple !== undefined) return simple;
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
    if (!/^[xuU]/.test(code)) return all;
    const point = Number.parseInt(code.slice(1), 16);
    if (code.length === 1 || point > 0x10ffff) throw syntaxFailure('truncated escape in a string', position);
    return String.fromCodePoint(point);
  });
}
