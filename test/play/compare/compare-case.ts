/** A playbook that runs under Ansible and under playbake. Its head says how, and where the two are meant to differ. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const HERE = import.meta.dirname;

export interface CompareCase {
  readonly name: string;
  /** `# run: ARGS`, one run each; without any, one run without arguments. */
  readonly runs: readonly string[];
  /** `# env: NAME=VALUE`. */
  readonly env: Readonly<Record<string, string>>;
  /** `# differs: WHY`, followed by what Ansible prints (`# < `) and what playbake prints in its place (`# > `). */
  readonly differences: readonly Difference[];
  /** `# no meta banners`: Ansible prints a banner for every meta task, playbake none. */
  readonly metaBanners: boolean;
  /** `# no async notes`: Ansible prints a line for every look at a job, playbake none. */
  readonly asyncNotes: boolean;
}

export interface Difference {
  readonly why: string;
  readonly theirs: string;
  readonly ours: string;
}

export function compareCases(): readonly CompareCase[] {
  return readdirSync(HERE)
    .filter((file) => file.endsWith('.yml'))
    .map((file) => readCase(file.slice(0, -'.yml'.length)));
}

function readCase(name: string): CompareCase {
  const head = /^(?:#.*\n)*/.exec(readFileSync(join(HERE, `${name}.yml`), 'utf8'))?.[0] ?? '';
  const lines = head.split('\n').map((line) => line.replace(/^# ?/, ''));
  const given = (key: string) =>
    lines.filter((line) => line.startsWith(`${key}:`)).map((line) => line.slice(key.length + 1).trim());
  const runs = given('run');
  return {
    name,
    runs: runs.length > 0 ? runs : [''],
    env: Object.fromEntries(given('env').map((line) => line.split(/=(.*)/s, 2))),
    differences: differences(lines),
    metaBanners: !lines.includes('no meta banners'),
    asyncNotes: !lines.includes('no async notes'),
  };
}

function differences(lines: readonly string[]): readonly Difference[] {
  const found: { why: string; theirs: string; ours: string }[] = [];
  for (const line of lines) {
    const last = found.at(-1);
    if (line.startsWith('differs:')) found.push({ why: line.slice('differs:'.length).trim(), theirs: '', ours: '' });
    else if (last && line.startsWith('< ')) last.theirs += `${line.slice(2)}\n`;
    else if (last && line.startsWith('> ')) last.ours += `${line.slice(2)}\n`;
  }
  return found;
}

/** What Ansible printed, changed to what playbake is to print. Throws when a difference is none. */
export function expected({ name, differences, metaBanners, asyncNotes }: CompareCase, recorded: string): string {
  let text = recorded;
  const without = (what: string, pattern: RegExp) => {
    if (!pattern.test(text)) throw new Error(`${name}: Ansible prints no ${what}`);
    text = text.replace(pattern, '');
  };
  if (!metaBanners) without('banner for a meta task', /^TASK \[meta\] \*+\n(?:skipping: .*\n)*\n/gm);
  if (!asyncNotes) without('note of an async task', /^ASYNC (?:OK|FAILED|POLL) on .*\n/gm);
  for (const { why, theirs, ours } of differences) {
    if (!text.includes(theirs)) throw new Error(`${name}: Ansible does not print what is said to differ: ${why}`);
    text = text.replaceAll(theirs, ours);
  }
  return text;
}
