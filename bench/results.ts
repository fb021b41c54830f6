/** What was measured, kept in a file: a case that is measured again takes the place of what was there. */

import { readFile, writeFile } from 'node:fs/promises';

export interface Run {
  /** As in the table: `p1@50`, `p3x10 first`. */
  readonly label: string;
  readonly engine: string;
  readonly round: number;
  /** Seconds. */
  readonly wall: number;
  readonly cpu: number;
  /** Megabytes. */
  readonly peak: number;
  readonly status: number;
  /** A digest of what the hosts were like afterwards. */
  readonly state?: string;
}

export async function readRuns(file: string): Promise<readonly Run[]> {
  const text = await readFile(file, 'utf8').catch(() => '[]');
  return JSON.parse(text) as readonly Run[];
}

/** Runs of a label that is among the new ones are forgotten. */
export async function keepRuns(file: string, fresh: readonly Run[]): Promise<readonly Run[]> {
  const labels = new Set(fresh.map(({ label }) => label));
  const runs = [...(await readRuns(file)).filter(({ label }) => !labels.has(label)), ...fresh];
  const lines = runs.map((run) => `  ${JSON.stringify(run)}`);
  await writeFile(file, `[\n${lines.join(',\n')}\n]\n`);
  return runs;
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Of the runs that ended well; undefined where there is none. */
export function medianOf(runs: readonly Run[], label: string, engine: string, what: 'wall' | 'cpu' | 'peak' = 'wall') {
  const found = runs.filter((run) => run.label === label && run.engine === engine && run.status === 0);
  return found.length === 0 ? undefined : median(found.map((run) => run[what]));
}
