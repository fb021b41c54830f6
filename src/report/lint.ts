/** `bake --lint`: a table of what a bake makes of each task, and what to change below those that need it. */

import type { BakeLint, Line, LintedPlay, LintedTask, Verdict } from '../play/bake-lint.ts';
import { paint, type Tone } from './color.ts';
import { place as placeOf } from './place.ts';
import type { Screen } from './screen.ts';
import { width } from './width.ts';
import { wrap } from './wrap.ts';

const TONES: Readonly<Record<Verdict, Tone | undefined>> = {
  bakeable: 'ok',
  'at first boot': 'changed',
  'live only': 'skip',
  'verified in the test of the image': 'verbose',
};
/** Where nobody says how wide lines may be. */
const WIDTH = 100;

export function lintText({ playbooks }: BakeLint, screen: Screen): string {
  const lines = playbooks.flatMap(({ file, plays }) => plays.flatMap((play) => playLines(play, file, screen)));
  const tasks = playbooks.flatMap(({ plays }) => plays.flatMap((play) => play.tasks));
  return `${[...lines, '', summary(tasks)].join('\n')}\n`;
}

function playLines(play: LintedPlay, file: string, screen: Screen): readonly string[] {
  const title = play.name === play.hosts ? '' : `  hosts: ${play.hosts}`;
  const notes = play.notes.map(({ text, where }) => `  note: ${text} (line ${where.line ?? '?'})`);
  const names = play.tasks.map(shownName);
  const longest = Math.min(44, Math.max(0, ...names.map(width)));
  const lines = play.tasks.flatMap((task, index) => taskLines(task, names[index] ?? '', { longest, file, screen }));
  return ['', `PLAY [${play.name}]${title}  ${lineOf(play.where, screen)}`, ...notes, ...lines];
}

interface Layout {
  readonly longest: number;
  /** The playbook: lines of other files say which. */
  readonly file: string;
  readonly screen: Screen;
}

function taskLines(task: LintedTask, name: string, { longest, file, screen }: Layout): readonly string[] {
  const { verdict, reason, problem, where, advice } = task;
  const place = where.file === file ? '' : ` (${lineOf(where, screen)})`;
  const number = where.file === file ? String(where.line ?? '') : '';
  const tone = problem ? 'error' : TONES[verdict];
  const mark = problem ? '✖' : ' ';
  const words = verdict === 'verified in the test of the image' ? 'in the test' : verdict;
  const left = `${mark} ${number.padStart(4)}  ${words.padEnd(13)}  `;
  const shown = `${name}${' '.repeat(Math.max(0, longest - width(name)))}`;
  const said = [reason, place.trim()].filter(Boolean).join(' ');
  const line = `${left}${shown}${said === '' ? '' : `  ${said}`}`.trimEnd();
  const space = (screen.columns() || WIDTH) - 10;
  const more = advice.flatMap((text) =>
    wrap(text, space).map((part, index) => `        ${index === 0 ? '→ ' : '  '}${part}`),
  );
  return [paint(line, tone, screen.color), ...more];
}

function shownName({ name, action, handler }: LintedTask): string {
  const shown = name === action || name.endsWith(` : ${action}`) ? name : `${name} (${action})`;
  return handler ? `handler: ${shown}` : shown;
}

function lineOf({ column: _, ...line }: Line, { directory }: Screen): string {
  return placeOf(line, directory);
}

function summary(tasks: readonly LintedTask[]): string {
  const counts = Object.keys(TONES).flatMap((verdict) => {
    const count = tasks.filter((task) => task.verdict === verdict).length;
    return count === 0 ? [] : [`${count} ${verdict}`];
  });
  const problems = tasks.filter(({ problem }) => problem).length;
  const end =
    problems === 0 ? '' : `; a bake would fail with ${problems === 1 ? 'one of them' : `${problems} of them`} (✖)`;
  return `${tasks.length} tasks: ${counts.join(', ') || 'none'}${end}`;
}
