/** How far a task may go before the tasks in front of it are done, and what comes after it before it is done itself. */

import { isTemplate } from '../template/templar.ts';
import { isDict, isList, type Value } from '../value/value.ts';
import { cached } from './cached.ts';
import { isHandler } from './handlers.ts';
import type { HostState } from './host-state.ts';
import { every, type Lineage, nearest } from './lineage.ts';
import type { PlayState } from './play-state.ts';
import { variablesSet } from './sets.ts';
import type { Upcoming } from './upcoming.ts';
import { scopeOf } from './variables.ts';

export interface Reach {
  /** It may be sent before the tasks in front of it are done. */
  readonly ahead: boolean;
  /** It looks at the host, decides, and then does the rest: its look may be sent while others are still to decide. */
  readonly looks: boolean;
  /** What is behind it may be sent before it is done: when it fails, the host knows. */
  readonly followed: boolean;
  /** Its result holds facts. */
  readonly givesFacts: boolean;
}

const ALONE: Reach = { ahead: false, looks: false, followed: false, givesFacts: false };

export async function reachOf(play: PlayState, { task, lineage }: Upcoming): Promise<Reach> {
  if (play.play.keywords.get('strategy') !== undefined || isSet(play.lineage, 'max_fail_percentage')) return ALONE;
  if (isMixed(play)) return ALONE;
  if (OF_ALL.some((name) => isSet(lineage, name)) || ATTEMPTS.some((name) => task.keywords.has(name))) return ALONE;
  const resolution = await play.world.modules.resolve(task.action).catch(() => undefined);
  if (resolution?.kind !== 'module') return ALONE;
  const { plan, run, local, streams } = resolution.module;
  const looks = run !== undefined && streams === true && !local;
  return {
    ahead:
      plan !== undefined || looks || (resolution.name === 'set_fact' && variablesSet({ task, lineage }) !== undefined),
    looks,
    followed: streams !== undefined && !isJudged(play, { task, lineage }),
    givesFacts: streams === 'facts',
  };
}

const mixed = new WeakMap<PlayState['batch'], boolean>();

/** Whether one host of several is this machine, whose tasks may write what templates for the others read. */
function isMixed(play: PlayState): boolean {
  const { batch, lineage } = play;
  const isLocal = (host: HostState) => scopeOf(play, host, lineage).get('ansible_connection') === 'local';
  return batch.length > 1 && cached(mixed, batch, () => batch.some(isLocal));
}

/** Other hosts have to do with it, or its session may end. */
const OF_ALL = ['any_errors_fatal', 'delegate_to', 'run_once', 'throttle', 'timeout'];

/** It may be more than one program, each of which depends on how the one before went. */
const ATTEMPTS = ['async', 'retries', 'until'];

function isSet(lineage: Lineage, name: string): boolean {
  const keyword = nearest(lineage, name);
  return keyword !== undefined && keyword.value !== false;
}

/** Whether a program that did not fail may be a task that does, or ends the run, or one that is not known to have run is passed over. */
function isJudged(play: PlayState, { task, lineage }: Upcoming): boolean {
  const failed = nearest(lineage, 'failed_when');
  const changed = nearest(lineage, 'changed_when');
  if (failed && failed.value !== false) return true;
  if (changed && typeof changed.value !== 'boolean') return true;
  if (isSet(lineage, 'ignore_unreachable')) return true;
  const control = task.keywords.get('loop_control');
  if (task.loop && isDict(control) && control.has('label')) return true;
  return every(lineage, 'notify').some(({ value }) => !names(value).every((name) => isHandler(play, name)));
}

/** What holds a template is nobody's name. */
function names(value: Value): readonly string[] {
  const all = (isList(value) ? value.flat() : [value]).map(String);
  return all.some(isTemplate) ? [''] : all;
}
