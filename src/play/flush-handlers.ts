/** Runs the handlers that were notified since they last ran. */

import { asBoolean } from './boolean.ts';
import type { Handler } from './handlers.ts';
import type { HostState } from './host-state.ts';
import { runInclude } from './include.ts';
import { descend, nearest } from './lineage.ts';
import type { PlayState } from './play-state.ts';
import { runTask } from './run-task.ts';
import type { Upcoming } from './upcoming.ts';

/** Failed hosts run theirs only with `force_handlers`. */
export async function flushHandlers(play: PlayState): Promise<void> {
  const forced = play.world.options.forceHandlers || asBoolean(play.play.keywords.get('force_handlers') ?? false);
  const failed = forced ? play.batch.filter((host) => host.failed && !host.unreachable) : [];
  for (const host of failed) host.failed = false;
  for (const handler of play.handlers.all()) {
    const { task, parents } = handler;
    const hosts = play.notifications.take(
      handler,
      play.batch.filter((host) => host.active),
    );
    if (hosts.length === 0) continue;
    if (task.action === 'include_tasks' || task.action === 'include_role') await runInclude(play, task, parents, hosts);
    else await runTask(play, task, parents, hosts, (host) => handlersAfter(play, handler, host));
    for (const host of hosts) if (host.failed) play.notifications.forget(host);
  }
  for (const host of failed) host.failed = true;
}

/** The handlers that come after one on a host, as far as that is known: each may notify others. */
function* handlersAfter(play: PlayState, handler: Handler, host: HostState): Iterable<Upcoming> {
  const all = play.handlers.all();
  const lineageOf = ({ task, parents }: Handler) => descend(parents, task);
  if (nearest(lineageOf(handler), 'notify')) return;
  for (const next of all.slice(all.indexOf(handler) + 1)) {
    if (!play.notifications.waits(next, host)) continue;
    const lineage = lineageOf(next);
    yield { task: next.task, lineage };
    if (nearest(lineage, 'notify')) return;
  }
}
