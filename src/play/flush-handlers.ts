/** Runs the handlers that were notified since they last ran. */

import { asBoolean } from './boolean.ts';
import { runInclude } from './include.ts';
import type { PlayState } from './play-state.ts';
import { runTask } from './run-task.ts';

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
    else await runTask(play, task, parents, hosts);
    for (const host of hosts) if (host.failed) play.notifications.forget(host);
  }
  for (const host of failed) host.failed = true;
}
