/** `meta`: actions on the play itself. */

import { Fault } from '../fault.ts';
import type { Task } from '../playbook/types.ts';
import { flushHandlers } from './flush-handlers.ts';
import type { HostState } from './host-state.ts';
import { failingCondition } from './item.ts';
import { descend, type Lineage } from './lineage.ts';
import type { PlayState } from './play-state.ts';
import { targetOf } from './target.ts';
import type { ItemRun } from './task-run.ts';
import { scopeOf } from './variables.ts';

export async function runMeta(
  play: PlayState,
  task: Task,
  parents: Lineage,
  hosts: readonly HostState[],
): Promise<void> {
  const action = String(task.args.get('_raw_params') ?? '');
  const lineage = descend(parents, task);
  const active = hosts.filter((host) => host.active);
  const chosen = () => active.filter((host) => holds(play, task, lineage, host));
  switch (action) {
    case 'noop':
      return;
    case 'flush_handlers':
      return flushHandlers(play);
    case 'end_play':
      play.stopped = chosen().length > 0;
      return;
    case 'end_batch':
      for (const host of chosen()) host.ended = true;
      return;
    case 'end_host':
      for (const host of chosen()) endHost(play, host);
      return;
    case 'clear_facts':
      for (const host of chosen()) clearFacts(host);
      return;
    case 'clear_host_errors':
      for (const host of play.allHosts) if (host.failed || host.unreachable) readmit(host);
      return;
    case 'reset_connection':
      for (const host of chosen()) await resetConnection(play, lineage, host);
      return;
    default:
      throw new Fault('argument-invalid', `invalid meta action requested: ${action}`, {
        where: task.argsWhere,
        hint: 'one of noop, flush_handlers, end_play, end_batch, end_host, clear_facts, clear_host_errors, reset_connection',
      });
  }
}

function holds(play: PlayState, task: Task, lineage: Lineage, host: HostState): boolean {
  const scope = scopeOf(play, host, lineage, task);
  const templar = play.world.templar([play.playbookDirectory]);
  const run: Pick<ItemRun, 'lineage' | 'templar' | 'scope'> = { lineage, templar, scope };
  return failingCondition(run) === undefined;
}

function endHost(play: PlayState, host: HostState): void {
  host.ended = true;
  play.notifications.forget(host);
}

/** For the plays that follow; this one goes on without it. */
function readmit(host: HostState): void {
  host.failed = false;
  host.unreachable = false;
  host.ended = true;
}

function clearFacts(host: HostState): void {
  host.facts.clear();
  host.factsGathered = false;
}

async function resetConnection(play: PlayState, lineage: Lineage, host: HostState): Promise<void> {
  const scope = scopeOf(play, host, lineage);
  const templar = play.world.templar([play.playbookDirectory]);
  const { options, sessions } = play.world;
  await sessions.reset(
    targetOf({ name: host.name, scope, lineage, options, render: (value) => templar.render(value, scope) }),
  );
}
