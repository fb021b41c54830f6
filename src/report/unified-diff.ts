import type { Diff } from '../play/events.ts';
import { paint } from './color.ts';
import { type Opcode, opcodes } from './opcodes.ts';

const CONTEXT = 3;

/** A difference as Ansible shows it: a unified diff, then an empty line; nothing where nothing differs. */
export function unifiedDiff(diff: Diff, color: boolean): string {
  const before = lines(diff.before);
  const after = lines(diff.after);
  const groups = hunks(opcodes(before, after));
  if (groups.length === 0) return '';
  const text = [`--- ${header('before', diff.beforeHeader)}\n`, `+++ ${header('after', diff.afterHeader)}\n`];
  for (const group of groups) {
    const first = group[0]!;
    const last = group.at(-1)!;
    text.push(`@@ -${range(first.i1, last.i2)} +${range(first.j1, last.j2)} @@\n`);
    for (const { tag, i1, i2, j1, j2 } of group) {
      if (tag === 'equal') for (const line of before.slice(i1, i2)) text.push(` ${line}`);
      if (tag === 'replace' || tag === 'delete') for (const line of before.slice(i1, i2)) text.push(`-${line}`);
      if (tag === 'replace' || tag === 'insert') for (const line of after.slice(j1, j2)) text.push(`+${line}`);
    }
  }
  return `${text.map((line) => tinted(line, color)).join('')}\n`;
}

function header(side: string, name: string | undefined): string {
  return name === undefined ? side : `${side}: ${name}`;
}

/** Lines with their ends; a last line without one is said to be so. */
function lines(text: string): string[] {
  const found = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const last = found.at(-1);
  if (last !== undefined && !last.endsWith('\n')) found[found.length - 1] = `${last}\n\\ No newline at end of file\n`;
  return found;
}

function tinted(line: string, color: boolean): string {
  if (line.startsWith('+')) return paint(line, 'added', color);
  if (line.startsWith('-')) return paint(line, 'removed', color);
  return line.startsWith('@@') ? paint(line, 'hunk', color) : line;
}

/** A range of lines as the unified format counts it. */
function range(start: number, stop: number): string {
  const length = stop - start;
  if (length === 1) return `${start + 1}`;
  return `${length === 0 ? start : start + 1},${length}`;
}

/** Changes that are close together, each group with its lines of context. */
function hunks(codes: readonly Opcode[]): Opcode[][] {
  const groups: Opcode[][] = [[]];
  for (const [index, code] of codes.entries()) {
    const before = index > 0 ? head(code) : undefined;
    const after = index < codes.length - 1 ? tail(code) : undefined;
    const group = groups.at(-1)!;
    if (code.tag !== 'equal') group.push(code);
    else if (before && after && code.i2 - code.i1 <= 2 * CONTEXT) group.push(code);
    else {
      if (before) group.push(before);
      if (before && after) groups.push([after]);
      else if (after) group.push(after);
    }
  }
  return groups.filter((group) => group.some(({ tag }) => tag !== 'equal'));
}

/** The lines of context that follow a change. */
function head({ tag, i1, i2, j1, j2 }: Opcode): Opcode {
  return { tag, i1, i2: Math.min(i2, i1 + CONTEXT), j1, j2: Math.min(j2, j1 + CONTEXT) };
}

/** The lines of context that come before one. */
function tail({ tag, i1, i2, j1, j2 }: Opcode): Opcode {
  return { tag, i1: Math.max(i1, i2 - CONTEXT), i2, j1: Math.max(j1, j2 - CONTEXT), j2 };
}
