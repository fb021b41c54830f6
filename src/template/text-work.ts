/** Text functions that methods and filters share. */

import { PythonError } from '../value/python-error.ts';

/** Python's `split`: without a separator at runs of blanks; `most` limits the cuts, -1 is no limit. */
export function splitText(text: string, separator: string | undefined, most = -1): string[] {
  if (separator === undefined) return splitBlanks(text, most);
  if (separator === '') throw new PythonError('empty separator');
  const parts = text.split(separator);
  if (most < 0 || parts.length <= most + 1) return parts;
  return [...parts.slice(0, most), parts.slice(most).join(separator)];
}

function splitBlanks(text: string, most: number): string[] {
  const parts: string[] = [];
  let rest = text.trimStart();
  while (rest !== '') {
    const blank = most >= 0 && parts.length >= most ? null : /\s+/.exec(rest);
    if (!blank) return [...parts, rest];
    parts.push(rest.slice(0, blank.index));
    rest = rest.slice(blank.index + blank[0].length);
  }
  return parts;
}

/** Python's `rsplit`: the limit counts from the right. */
export function splitTextRight(text: string, separator: string | undefined, most = -1): string[] {
  if (most < 0) return splitText(text, separator);
  if (separator !== undefined) {
    const parts = splitText(text, separator);
    if (parts.length <= most + 1) return parts;
    const cut = parts.length - most;
    return [parts.slice(0, cut).join(separator), ...parts.slice(cut)];
  }
  const parts: string[] = [];
  let rest = text.trimEnd();
  while (rest !== '' && parts.length < most) {
    const word = /\S+$/.exec(rest)![0];
    parts.unshift(word);
    rest = rest.slice(0, rest.length - word.length).trimEnd();
  }
  return rest.trim() === '' ? parts : [rest, ...parts];
}

export function strip(text: string, chars: string | undefined, left: boolean, right: boolean): string {
  if (chars === undefined) return left && right ? text.trim() : left ? text.trimStart() : text.trimEnd();
  const set = new Set(chars);
  const all = [...text];
  let [start, end] = [0, all.length];
  while (left && start < end && set.has(all[start]!)) start++;
  while (right && end > start && set.has(all[end - 1]!)) end--;
  return all.slice(start, end).join('');
}

/** Python's `replace`: at most `count` times, -1 is everywhere. */
export function replaceText(text: string, old: string, by: string, count = -1): string {
  if (count < 0) return text.replaceAll(old, () => by);
  let left = count;
  return text.replaceAll(old, (found) => (left-- > 0 ? by : found));
}

export const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();

/** Each run of letters begins with a capital. */
export function titleCase(text: string): string {
  return text.toLowerCase().replace(/\p{L}+/gu, (word) => word.charAt(0).toUpperCase() + word.slice(1));
}

/** Jinja's filter `title`: each word after a blank, hyphen or bracket begins with a capital. */
export function titleWords(text: string): string {
  return text.replace(/[^-\s({[<]+/g, capitalize);
}

export function justify(text: string, width: number, fill: string, side: 'left' | 'right'): string {
  const missing = Math.max(0, width - [...text].length);
  return side === 'left' ? text + fill.repeat(missing) : fill.repeat(missing) + text;
}

export function center(text: string, width: number, fill = ' '): string {
  const missing = Math.max(0, width - [...text].length);
  // CPython puts the odd blank left only when the width is odd too.
  const left = Math.floor(missing / 2) + (missing & width & 1);
  return fill.repeat(left) + text + fill.repeat(missing - left);
}
