/** What runs have left behind: by their journals here, and by their tags where the journals are lost. */

import type { Cloud } from '../cloud/cloud.ts';
import { asFault } from '../cloud/cloud-error.ts';
import { Fault } from '../fault.ts';
import type { EmitBake } from './events.ts';
import { findTagged, type TaggedRun } from './find-tagged.ts';
import { type Account, accountOf, type Left } from './journal/account.ts';
import { Journal, readJournal } from './journal/journal.ts';
import { makeRunDirectory, removeSecrets, runDirectory, runsIn } from './journal/run-directory.ts';
import { isLocked, lockRun } from './journal/run-lock.ts';
import { removeAll } from './remove/remove-all.ts';
import { STEPS } from './steps/index.ts';
import { callGood } from './steps/publish.ts';

export interface Leftover {
  readonly run: string;
  readonly image: string;
  readonly playbook: string | undefined;
  readonly started: string | undefined;
  /** Its journal is here. */
  readonly journal: boolean;
  /** A process here is at work on it, or may be elsewhere: its time is not over. */
  readonly alive: boolean;
  /** The step that was not done. */
  readonly step: string | undefined;
  readonly left: readonly Left[];
}

/** Runs of a project that have not ended; the oldest first. Journals alone are read. */
export function leftoversIn(project: string): readonly Leftover[] {
  return runsIn(project).flatMap((run) => {
    const directory = runDirectory(project, run);
    const account = accountOf(readJournal(directory.journal));
    if (account.outcome !== undefined) return [];
    const { image = '', playbook } = account.facts ?? {};
    const { started, open: step } = account;
    const alive = isLocked(directory.lock);
    return [{ run, image, playbook, started, journal: true, alive, step, left: leftOf(account) }];
  });
}

/** Runs that no journal here tells of, by their tags in the cloud's region and in those where images are copied to. */
export async function strayRuns(
  project: string,
  cloud: Cloud,
  copies: readonly string[],
): Promise<readonly Leftover[]> {
  const known = new Set(runsIn(project));
  const regions = [...new Set([cloud.region, ...copies])];
  const found = await Promise.all(regions.map((region) => findTagged(cloud, region))).catch((error: unknown) => {
    throw asFault(error);
  });
  const runs = new Map<string, TaggedRun>();
  for (const one of found.flat().filter(({ run }) => !known.has(run))) {
    const resources = [...(runs.get(one.run)?.resources ?? []), ...one.resources];
    runs.set(one.run, { ...one, resources });
  }
  return [...runs.values()].map(strayOf);
}

function strayOf({ run, image, until, resources }: TaggedRun): Leftover {
  const at = new Date(0).toISOString();
  const left = resources.map((resource) => ({ step: '', resource, at }));
  const alive = Date.parse(until) > Date.now();
  return { run, image, playbook: undefined, started: undefined, journal: false, alive, step: undefined, left };
}

/** What a run made for itself only, once its image is called good: others may use that by now. */
function leftOf({ left, done, undoing }: Account): readonly Left[] {
  const isGood = !undoing && done.has(callGood.id);
  return isGood ? left.filter(({ step }) => !STEPS.keeping.has(step)) : left;
}

export interface SweepOptions {
  readonly project: string;
  readonly cloud: Cloud;
  readonly emit: EmitBake;
  readonly signal: AbortSignal;
}

/** Removes what a run left, and ends its journal. Throws `run-busy` while a process is at work on it. Gives what is still there. */
export async function sweep(
  { run, journal: isHere, left }: Leftover,
  options: SweepOptions,
): Promise<readonly Fault[]> {
  const { project, cloud, emit, signal } = options;
  const common = { cloud, run, why: 'sweep', emit, signal } as const;
  if (!isHere) return removeAll({ ...common, left, onRemoved: () => {} });
  const directory = makeRunDirectory(project, run);
  const unlock = lockRun(directory.lock, run);
  const journal = new Journal(directory.journal);
  try {
    const account = accountOf(journal.entries);
    const lasting = account.left.length > leftOf(account).length;
    if (!lasting) journal.add({ type: 'undo' });
    const onRemoved = (resource: Left['resource']) => journal.add({ type: 'removed', resource });
    const faults = await removeAll({ ...common, left: leftOf(account), onRemoved });
    if (faults.length > 0) return faults;
    journal.add({ type: 'end', outcome: lasting ? 'baked' : 'swept' });
    removeSecrets(directory);
    return [];
  } finally {
    journal.close();
    unlock();
  }
}

/** The run that is meant: by its id, or the only one there is. Throws `run-missing`. */
export function runMeant(id: string | undefined, runs: readonly Leftover[]): Leftover {
  const sleeping = runs.filter(({ alive }) => !alive);
  if (id === undefined && sleeping.length === 1) return sleeping[0]!;
  const found = runs.find(({ run }) => run === id);
  if (found) return found;
  if (id !== undefined) {
    const hint =
      runs.length > 0 ? `there are ${runs.map(({ run }) => run).join(', ')}` : '`bake list` shows all there are';
    throw new Fault('run-missing', `there is no unfinished run ${id}`, { hint });
  }
  if (sleeping.length === 0)
    throw new Fault('run-missing', 'there is no unfinished run here', { hint: '`bake list --all` asks the cloud too' });
  const hint = `name one: ${sleeping.map(({ run }) => run).join(', ')}`;
  throw new Fault('run-missing', `${sleeping.length} runs are unfinished`, { hint });
}
