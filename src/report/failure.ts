/** A failure for people: what the host said, in lines, below Ansible's own line of JSON. */

import type { Fault } from '../fault.ts';
import type { PlayEvent } from '../play/events.ts';
import { paint } from './color.ts';
import { codeFrame } from './fault.ts';
import { place } from './place.ts';
import type { Screen } from './screen.ts';

const MOST_LINES = 40;

type Outcome = Extract<PlayEvent, { type: 'result' | 'item' }>;

/** Where to look: the place of what could not be tried, with the lines around it and what to do; else the task. */
export function failurePlace(
  { task, fault }: Outcome,
  { color, directory }: Pick<Screen, 'color' | 'directory'>,
): { readonly at: string; readonly frame: readonly string[] } {
  const where = fault?.where ?? task.where;
  const frame = fault?.where ? codeFrame(where, color) : [];
  const hint = fault?.hint === undefined ? [] : [`${paint('hint:', 'hunk', color)} ${fault.hint}`];
  return { at: place(where, directory), frame: [...frame, ...hint] };
}

/** Headed texts of a failed result that are hard to read as JSON; none where its line of JSON says it all. */
export function failureTexts({
  result,
  fault,
}: Outcome): readonly { readonly title: string; readonly lines: readonly string[] }[] {
  const texts = [
    { title: 'msg', lines: lines(withoutHint(result['msg'], fault), 2) },
    { title: 'stdout', lines: lines(result['stdout'] ?? result['module_stdout'], 1) },
    { title: 'stderr', lines: lines(result['stderr'] ?? result['module_stderr'], 1) },
  ];
  return texts.filter((text) => text.lines.length > 0);
}

function withoutHint(msg: unknown, fault: Fault | undefined): unknown {
  return typeof msg === 'string' && fault?.hint !== undefined ? msg.replace(`\n\n${fault.hint}`, '') : msg;
}

/** The last lines of a text of at least `fewest` lines. */
function lines(text: unknown, fewest: number): string[] {
  if (typeof text !== 'string' || text.trim() === '') return [];
  const all = text.replace(/\r\n?/g, '\n').replace(/\n+$/, '').split('\n');
  if (all.length < fewest) return [];
  if (all.length <= MOST_LINES) return all;
  return [`… ${all.length - MOST_LINES} lines before`, ...all.slice(-MOST_LINES)];
}
