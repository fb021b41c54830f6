/** What `lineinfile` does to the lines of a file, by the rules of Ansible's own. Lines keep their ends. */

import { expandReplacement, pyRegex } from '../../src/module/module.ts';
import { type Bytes, toBytes } from './edit-file.ts';

export interface LineArgs {
  readonly regexp: string | undefined;
  readonly search_string: string | undefined;
  readonly insertafter: string | undefined;
  readonly insertbefore: string | undefined;
  readonly backrefs: boolean;
  readonly firstmatch: boolean;
}

export interface Edited {
  readonly lines: readonly Bytes[];
  readonly msg: string;
}

const ADDED = 'line added';

export function splitLines(content: Bytes): readonly Bytes[] {
  return content === '' ? [] : (content.match(/[^\n]*\n|[^\n]+$/g) ?? []);
}

/** Undefined where nothing is to change. */
export function withLine(lines: readonly Bytes[], line: string, args: LineArgs): Edited | undefined {
  const wanted = toBytes(line);
  const found = findLine(lines, args);
  if (found)
    return replace(lines, found.at, found.match && args.backrefs ? expandReplacement(wanted, found.match) : wanted);
  const { exact, place } = findPlace(lines, wanted, args);
  if (exact !== undefined) return replace(lines, exact, wanted);
  if (args.backrefs) return undefined;
  if (args.insertbefore === 'BOF' || args.insertafter === 'BOF') return insert(lines, 0, wanted);
  if (place === undefined) return append(lines, wanted);
  if (args.insertbefore !== undefined) return insert(lines, place, wanted);
  const next = lines[Math.min(place, lines.length - 1)] ?? '';
  if (bare(next) === wanted) return undefined;
  return place === lines.length ? append(lines, wanted) : insert(lines, place, wanted);
}

export function withoutLines(lines: readonly Bytes[], line: string | undefined, args: LineArgs): readonly Bytes[] {
  const wanted = line === undefined ? undefined : toBytes(line);
  return lines.filter((each) => {
    if (args.regexp !== undefined || args.search_string !== undefined) return matchIn(each, args) === undefined;
    return bare(each) !== wanted;
  });
}

function bare(line: Bytes): Bytes {
  return line.replace(/[\r\n]+$/, '');
}

/** `true` for a search string. */
function matchIn(line: Bytes, { regexp, search_string: text }: LineArgs): RegExpExecArray | true | undefined {
  if (regexp !== undefined) return pyRegex(toBytes(regexp)).exec(line) ?? undefined;
  return text !== undefined && line.includes(toBytes(text)) ? true : undefined;
}

/** The last line that matches, or the first. */
function findLine(
  lines: readonly Bytes[],
  args: LineArgs,
): { readonly at: number; readonly match: RegExpExecArray | undefined } | undefined {
  let last: { at: number; match: RegExpExecArray | undefined } | undefined;
  for (const [at, line] of lines.entries()) {
    const match = matchIn(line, args);
    if (match === undefined) continue;
    last = { at, match: match === true ? undefined : match };
    if (args.firstmatch) break;
  }
  return last;
}

/** The last line that is already right, and where the pattern of `insertafter` or `insertbefore` says. */
function findPlace(lines: readonly Bytes[], wanted: Bytes, args: LineArgs) {
  const { insertafter, insertbefore, firstmatch } = args;
  const anchor =
    insertafter !== undefined && !['BOF', 'EOF'].includes(insertafter)
      ? insertafter
      : insertbefore === 'BOF'
        ? undefined
        : insertbefore;
  const pattern = anchor === undefined ? undefined : pyRegex(toBytes(anchor));
  let exact: number | undefined;
  let place: number | undefined;
  for (const [at, line] of lines.entries()) {
    if (bare(line) === wanted) exact = at;
    else if (pattern?.test(line)) {
      place = insertafter === undefined ? at : at + 1;
      if (firstmatch) break;
    }
  }
  return { exact, place };
}

function replace(lines: readonly Bytes[], at: number, wanted: Bytes): Edited | undefined {
  const line = wanted.endsWith('\n') ? wanted : `${wanted}\n`;
  return lines[at] === line ? undefined : { lines: lines.with(at, line), msg: 'line replaced' };
}

function insert(lines: readonly Bytes[], at: number, wanted: Bytes): Edited {
  return { lines: lines.toSpliced(at, 0, `${wanted}\n`), msg: ADDED };
}

/** A last line without an end gets one. */
function append(lines: readonly Bytes[], wanted: Bytes): Edited {
  const last = lines.at(-1);
  const end = last !== undefined && !/[\r\n]$/.test(last) ? ['\n'] : [];
  return { lines: [...lines, ...end, `${wanted}\n`], msg: ADDED };
}
