/** A task as it is begun before its turn: what it says waits for the turn, and so does what it may not do before. */

import type { PlayEvent } from './events.ts';
import { NotYet } from './not-yet.ts';
import type { TaskRun } from './task-run.ts';
import { templars } from './templars.ts';
import type { Turn } from './turn.ts';

type Begun = Required<Pick<TaskRun, 'play' | 'task' | 'lineage' | 'sent' | 'looks' | 'clear'>> & {
  readonly turn: Turn;
};

export function early({ play, task, lineage, turn, ...signals }: Begun): TaskRun {
  const emit = (event: PlayEvent): void => {
    // A command that runs before its turn shows nothing of itself.
    if (event.type === 'progress' && !turn.isHere) return;
    turn.wait();
    play.world.emit('task' in event ? { ...event, task: turn.info } : event);
  };
  const world = { ...play.world, emit, templar: templars(emit, play.world.reads, { onLookup: onLookup(turn) }) };
  // Nobody looks at it before the turn: what is emitted goes under the turn's own.
  const info = { id: 0, name: '', action: task.action, where: task.where, handler: lineage.handler, check: false };
  return { play: { ...play, world, turn }, task, lineage, info, settles: (host) => [host], turn, ...signals };
}

/** Lookups that do something on this machine: they are not to be done for a task that is never run. */
const ACTS: ReadonlySet<string> = new Set(['lines', 'password', 'pipe']);

function onLookup(turn: Turn) {
  return (name: string): void => {
    if (ACTS.has(name) && !turn.isHere) throw new NotYet(turn.come);
  };
}
