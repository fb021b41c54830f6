/** What the live view leaves on the screen: a line a task, and below it what people must see. */

import { stripVTControlCharacters } from 'node:util';
import type { PlayEvent, Status } from '../play/events.ts';
import { paint, type Tone } from './color.ts';
import { failurePlace, failureTexts } from './failure.ts';
import { seconds } from './frame.ts';
import type { Screen } from './screen.ts';
import { hostLabel, isVerbose, shownResult } from './shown.ts';
import type { Tally } from './tally.ts';
import { unifiedDiff } from './unified-diff.ts';

export type Outcome = Extract<PlayEvent, { type: 'result' | 'item' }>;

const MARKS: Readonly<Record<Status, readonly [mark: string, tone: Tone]>> = {
  ok: ['✔', 'ok'],
  changed: ['✔', 'changed'],
  skipped: ['↓', 'skip'],
  failed: ['✖', 'error'],
  unreachable: ['✖', 'unreachable'],
};
const MOST_HOSTS = 10;

/** `✔ Install packages  1 ok, 1 changed  2.1s`, and who changed where not all did. */
export function taskLines(tally: Tally, now: number, color: boolean): string[] {
  const [mark, tone] = MARKS[tally.worst];
  const title = tally.task.handler ? `handler: ${tally.task.name}` : tally.task.name;
  const line = `${paint(`${mark} ${title}`, tone, color)}  ${tally.summary}  ${seconds(now - tally.started)}`;
  const changed = [...tally.hosts.values()].filter(({ status }) => status === 'changed').map(({ host }) => host);
  if (changed.length === 0 || changed.length === tally.hosts.size) return [line];
  const more = changed.length > MOST_HOSTS ? ` and ${changed.length - MOST_HOSTS} more` : '';
  return [line, paint(`    changed: ${changed.slice(0, MOST_HOSTS).join(', ')}${more}`, 'changed', color)];
}

/** What a result or item has to say below its task's line; often nothing. */
export function outcomeLines(event: Outcome, verbosity: number, screen: Screen): string[] {
  const { color } = screen;
  const { task, status, result, ignored } = event;
  const lines: string[] = [];
  if (status === 'changed' && !isLoop(event)) {
    const diff = event.diff.map((one) => unifiedDiff(one, color)).join('');
    if (diff !== '') lines.push(...diff.trimEnd().split('\n'));
  }
  const loop = isLoop(event);
  const label = `[${hostLabel(event)}]${event.type === 'item' ? ` (item=${event.label})` : ''}`;
  if (status === 'failed' || status === 'unreachable') {
    if (loop) return lines;
    lines.push(
      ...paint(`${ignored ? 'ignored' : status}: ${label}: ${reason(event)}`, ignored ? 'skip' : 'error', color).split(
        '\n',
      ),
    );
    if (!ignored) lines.push(...placed(event, screen), ...texts(event, color));
  } else if (!loop && isVerbose(result, { action: task.action, verbosity, loop })) {
    lines.push(...paint(`${status}: ${label} => ${said(event, verbosity)}`, MARKS[status][1], color).split('\n'));
  }
  return lines.map((line) => `    ${line}`);
}

function isLoop(event: Outcome): boolean {
  return event.type === 'result' && event.loop;
}

/** Why it failed, in one line; the whole result where it does not say. */
function reason({ task, result }: Outcome): string {
  const { msg, rc } = result;
  if (typeof msg !== 'string' || msg.trim() === '')
    return shownResult(result, { action: task.action, verbosity: 0, failed: true });
  const code = typeof rc === 'number' ? ` (rc ${rc})` : '';
  return `${msg.trim().split('\n', 1)[0]}${code}`;
}

function placed(event: Outcome, screen: Screen): string[] {
  const { at, frame } = failurePlace(event, screen);
  return [paint(`  at ${at}`, 'debug', screen.color), ...frame.map((line) => `  ${line}`)];
}

function texts(event: Outcome, color: boolean): string[] {
  return failureTexts(event).flatMap(({ title, lines }) => [
    paint(`  ${title}:`, 'debug', color),
    ...lines.map((line) => `    ${stripVTControlCharacters(line)}`),
  ]);
}

/** A debug message as it is; any other result as JSON. */
function said({ task, result }: Outcome, verbosity: number): string {
  const { msg } = result;
  if (task.action === 'debug' && typeof msg === 'string') return msg;
  return shownResult(result, { action: task.action, verbosity });
}
