/** Faults for people: what is wrong, the lines around it with a caret, and what to do now. */

import type { Fault, Where } from '../fault.ts';
import { paint } from './color.ts';
import { place } from './place.ts';
import type { Screen } from './screen.ts';
import { hideSecrets } from './secrets.ts';
import { width } from './width.ts';

const AROUND = 3;
const LONGEST = 110;

type Look = Pick<Screen, 'color' | 'directory'>;

/** All faults, one after the other, with how many there are when there are several. Ends with a newline. */
export function faultsText(faults: readonly Fault[], look: Look): string {
  const texts = faults.map((fault) => faultText(fault, look));
  if (faults.length > 1) texts.push(`${paint(`${faults.length} errors.`, 'error', look.color)}\n`);
  return texts.join('\n');
}

function faultText({ message, where, hint }: Fault, look: Look): string {
  const at = where ? `${place(where, look.directory)}: ` : '';
  const lines = [paint(`ERROR! ${at}${message}`, 'error', look.color)];
  if (where) lines.push(...codeFrame(where, look.color));
  if (hint) lines.push(`  ${paint('hint:', 'hunk', look.color)} ${hint}`);
  return `${lines.join('\n')}\n`;
}

/** The line of a place with three lines around it; secrets are blanked out, tabs are shown. */
export function codeFrame({ line, column, text }: Where, color: boolean): string[] {
  if (text === undefined || line === undefined) return [];
  const all = hideSecrets(text).split(/\r?\n/);
  if (all.at(-1) === '') all.pop();
  const first = Math.max(1, line - AROUND);
  const last = Math.min(all.length, line + AROUND);
  const margin = String(last).length;
  const start = Math.max(0, (column ?? 1) - LONGEST + 20);
  const frame: string[] = [];
  for (let number = first; number <= last; number++) {
    const shown = cut((all[number - 1] ?? '').replaceAll('\t', '→'), start);
    const rule = `${number === line ? '>' : ' '} ${String(number).padStart(margin)} |`;
    frame.push(`${number === line ? paint(rule, 'error', color) : rule} ${shown}`.trimEnd());
    if (number !== line || column === undefined) continue;
    const before = width(shown.slice(0, column - 1 - start));
    frame.push(`  ${' '.repeat(margin)} | ${' '.repeat(before)}${paint('^', 'error', color)}`);
  }
  return frame;
}

function cut(line: string, start: number): string {
  const rest = line.slice(start);
  return rest.length > LONGEST ? `${rest.slice(0, LONGEST - 1)}…` : rest;
}
