/** Where runs keep what they must remember: `.playbake/bakes/RUN/`. */

import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface RunDirectory {
  readonly root: string;
  readonly journal: string;
  /** Names the process that works on the run. */
  readonly lock: string;
  /** Private keys and what goes with them; removed when the run has ended. */
  readonly secrets: string;
}

export function bakesIn(project: string): string {
  return join(project, '.playbake', 'bakes');
}

export function runDirectory(project: string, run: string): RunDirectory {
  const root = join(bakesIn(project), run);
  return { root, journal: join(root, 'journal.jsonl'), lock: join(root, 'lock'), secrets: join(root, 'secrets') };
}

/** Of what is in `.playbake`, only the records of images belong into a repository. */
const IGNORE = '/*\n!/.gitignore\n!/images/\n';

/** Makes the directory. */
export function makeRunDirectory(project: string, run: string): RunDirectory {
  const directory = runDirectory(project, run);
  mkdirSync(directory.root, { recursive: true, mode: 0o700 });
  mkdirSync(directory.secrets, { recursive: true, mode: 0o700 });
  const ignore = join(project, '.playbake', '.gitignore');
  if (!existsSync(ignore)) writeFileSync(ignore, IGNORE);
  return directory;
}

/** Runs with a journal, the oldest first. */
export function runsIn(project: string): readonly string[] {
  const bakes = bakesIn(project);
  if (!existsSync(bakes)) return [];
  return readdirSync(bakes)
    .filter((run) => existsSync(runDirectory(project, run).journal))
    .sort();
}

export function removeSecrets({ secrets }: RunDirectory): void {
  rmSync(secrets, { recursive: true, force: true });
}
