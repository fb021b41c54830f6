/** A playbook of chance played once, and all that can be seen of it. */

import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault, type PlayEvent, play } from '../../../src/playbake.ts';
import type { RandomPlaybook } from './random-playbook.ts';
import type { Wire } from './wire.ts';

export interface Observed {
  /** Or the fault that ended the run. */
  readonly code: number | string;
  /** What was shown, task by task; hosts of one task sorted by name, for they end when they end. */
  readonly shown: readonly string[];
  readonly recap: readonly string[];
  /** What tasks wrote on each host, in order; what one task wrote for several hosts sorted. */
  readonly logs: { readonly [host: string]: readonly string[] };
  /** What all hosts did between two tasks that all wait for. */
  readonly between: readonly string[];
  /** Files that were written, with their content. */
  readonly files: readonly string[];
}

export interface HowToPlay {
  readonly lockStep: boolean;
  /** Default: by ssh. */
  readonly wire?: Wire;
  /** Connection variables of every host. */
  readonly variables?: string;
  readonly forks?: number;
}

/** @param directory is emptied first: the paths are the same each time. */
export async function observe(book: RandomPlaybook, directory: string, how: HowToPlay): Promise<Observed> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(join(directory, 'log'), { recursive: true });
  const plays = book.plays.map((one) => ({
    ...one,
    ...(how.lockStep && { strategy: 'linear' }),
    vars: { log: join(directory, 'log') },
  }));
  await writeFile(join(directory, 'play.yml'), JSON.stringify(plays, null, 1));
  await writeFile(join(directory, 'template.j2'), "{{ inventory_hostname }} {{ result1.stdout | default('none') }}\n");
  await writeFile(join(directory, 'hosts'), `${book.hosts.map((host) => `${host} ${how.variables ?? ''}\n`).join('')}`);
  for (const [name, entries] of Object.entries(book.files)) {
    await writeFile(join(directory, name), JSON.stringify(entries));
  }
  const events: PlayEvent[] = [];
  const options = {
    ...(how.wire && { connect: how.wire.connect }),
    forks: how.forks ?? 50,
    emit: (event: PlayEvent) => events.push(event),
  };
  const code = await play({
    ...options,
    playbooks: [join(directory, 'play.yml')],
    inventory: [join(directory, 'hosts')],
  }).catch((error: unknown) => {
    if (error instanceof Fault) return error.message;
    throw error;
  });
  await how.wire?.end();
  const inOrder = book.hosts.length > 1 ? grouped : (lines: readonly string[]) => lines;
  const logs = Object.fromEntries(
    await Promise.all(book.hosts.map(async (host) => [host, inOrder(await linesOf(join(directory, 'log', host)))])),
  );
  return {
    code,
    ...told(events),
    logs,
    between: betweenBarriers(await linesOf(join(directory, 'log', 'all'))),
    files: await filesIn(join(directory, 'log')),
  };
}

function told(events: readonly PlayEvent[]): Pick<Observed, 'shown' | 'recap'> {
  const shown: string[] = [];
  let hosts: string[] = [];
  let recap: string[] = [];
  const flush = () => {
    const name = (line: string) => line.slice(0, line.indexOf(' '));
    shown.push(...hosts.sort((a, b) => name(a).localeCompare(name(b))));
    hosts = [];
  };
  for (const event of events) {
    if (event.type === 'item' || event.type === 'result') {
      const { host, status, result, ignored, delegatedTo = '' } = event;
      const what = event.type === 'item' ? `item ${event.label}` : 'result';
      hosts.push(`${host} ${what} ${status} ${ignored} ${delegatedTo} ${JSON.stringify(result, withoutTimes)}`);
    } else if (event.type === 'run-end') {
      flush();
      recap = [...event.stats].map(([host, stats]) => `${host} ${JSON.stringify(stats)}`);
    } else if (event.type === 'task-start' || event.type === 'play-start') {
      flush();
      shown.push(`${event.type} ${event.type === 'task-start' ? `${event.task.name} ${event.hosts}` : event.name}`);
    } else if (event.type === 'warning') hosts.push(`warning ${event.message}`);
  }
  return { shown, recap };
}

function withoutTimes(key: string, value: unknown): unknown {
  // What `setup` finds of this machine.
  if (key === 'ansible_facts' && typeof value === 'object' && value && 'ansible_kernel' in value) return {};
  if (['start', 'end', 'delta', 'atime', 'mtime', 'ctime', 'inode', 'version'].includes(key)) return undefined;
  return value;
}

/** What several hosts did on this one for one task has no order. */
function grouped(lines: readonly string[]): readonly string[] {
  return runs(lines, idOf).flatMap((same) => [...same].sort());
}

function idOf(line: string): string {
  return /\b([TB][\w-]+)/.exec(line)?.[1] ?? line;
}

function betweenBarriers(lines: readonly string[]): readonly string[] {
  const id = (line: string) => (/ B\d/.test(line) ? idOf(line) : '');
  return runs(lines, id).map((same) => [...same].sort().join(', '));
}

/** Neighbours of the same key. */
function runs(lines: readonly string[], key: (line: string) => string): readonly (readonly string[])[] {
  const found: string[][] = [];
  let last: string | undefined;
  for (const line of lines) {
    if (found.length === 0 || key(line) !== last) found.push([]);
    found.at(-1)?.push(line);
    last = key(line);
  }
  return found;
}

async function linesOf(path: string): Promise<readonly string[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').filter(Boolean);
}

async function filesIn(directory: string): Promise<readonly string[]> {
  const names = (await readdir(directory)).filter((name) => name.startsWith('file-')).sort();
  return Promise.all(names.map(async (name) => `${name} ${await readFile(join(directory, name), 'utf8')}`));
}
