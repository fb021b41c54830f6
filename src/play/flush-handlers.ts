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
  for (const { task, parents } of play.handlers.all()) {
    const hosts = play.notifications.take(
      task,
      play.batch.filter((host) => host.active),
    );
    if (hosts.length === 0) continue;
    if (task.action === 'include_tasks' || task.action === 'include_role') await runInclude(play, task, parents, hosts);
    else await runTask(play, task, parents, hosts, { handler: true });
  }
  for (const host of failed) host.failed = true;
}
