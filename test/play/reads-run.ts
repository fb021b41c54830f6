/** Runs playbooks that are written for a test on this machine, and gathers what they read. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Description } from '../../src/play/description.ts';
import type { PlayEvent } from '../../src/play/events.ts';
import type { RunOptions } from '../../src/play/options.ts';
import type { Read } from '../../src/play/reads.ts';
import { prepare } from '../../src/playbake.ts';

export type Files = Readonly<Record<string, string>>;

export function writeFiles(root: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** The options of a run of `site.yml` in a directory for a machine called `app`, which is this one. */
export function runOptions(root: string, more: Partial<RunOptions> = {}): RunOptions {
  return {
    playbooks: [join(root, 'site.yml')],
    inventory: [],
    extraVars: [],
    tags: [],
    skipTags: [],
    check: false,
    diff: false,
    forks: 5,
    verbosity: 0,
    forceHandlers: false,
    progress: false,
    connection: { become: false },
    emit: () => undefined,
    signal: new AbortController().signal,
    mode: 'bake',
    build: { name: 'app', vars: new Map([['ansible_connection', 'local']]) },
    ...more,
  };
}

export interface Ran {
  readonly code: number;
  readonly events: readonly PlayEvent[];
  readonly reads: readonly Read[];
}

export async function runAndRead(root: string, more: Partial<RunOptions> = {}): Promise<Ran> {
  const reads: Read[] = [];
  const events: PlayEvent[] = [];
  const options = { ...more, emit: (event: PlayEvent) => events.push(event) };
  const onRead = (host: string, read: Read) => host === 'app' && reads.push(read);
  const prepared = await prepare(runOptions(root, { ...options, onRead }));
  return { code: await prepared.run(), events, reads };
}

export async function describePlaybook(root: string, more: Partial<RunOptions> = {}): Promise<Description> {
  return (await prepare(runOptions(root, more))).describe('app');
}
