/** The last task of a bake: what is left for the first boot is put on the machine, and starts when a host of the image does. */

import { apply } from '../../module/apply.ts';
import type { Task } from '../../playbook/types.ts';
import type { Value } from '../../value/value.ts';
import { placeOf } from '../action.ts';
import { itemRun } from '../item-run.ts';
import { descend } from '../lineage.ts';
import type { World } from '../world.ts';
import { bootFiles } from './boot-files.ts';
import { bootSteps } from './boot-steps.ts';
import { compileBoot } from './compile-boot.ts';

const NAME = 'Tasks of the first boot';

/**
 * Nothing without such tasks, or when a play has failed; nor in check mode, where templates may lack the results that they read.
 * Throws what `compileBoot` throws.
 */
export async function installFirstBoot(world: World): Promise<void> {
  const [first] = world.firstBoot;
  const host = world.hosts.of(world.options.build?.name ?? '');
  const { check, diff, signal } = world.options;
  if (!first || host.failed || host.unreachable || check || signal.aborted) return;
  const files = bootFiles(await compileBoot(world));
  if (files.length === 0) return;
  const { play } = first;
  const task = installTask(first.task);
  const lineage = descend(play.lineage, task);
  const info = { id: -1, name: NAME, action: task.action, where: task.where, handler: false, check };
  world.emit({ type: 'task-start', task: info, hosts: [host.name] });
  world.emit({ type: 'host-start', task: info, host: host.name });
  const started = performance.now();
  const place = placeOf(itemRun({ play, task, lineage, info, settles: () => [host] }, host));
  const { changed, failed, msg } = await apply(place.session(), bootSteps(files), {
    check,
    diff,
    become: place.become,
  });
  const status = failed ? 'failed' : changed ? 'changed' : 'ok';
  if (failed) host.failed = true;
  for (const count of failed ? (['failed'] as const) : changed ? (['ok', 'changed'] as const) : (['ok'] as const)) {
    host.stats[count]++;
  }
  world.emit({
    ...{ type: 'result', task: info, host: host.name, status, diff: [], ignored: false, loop: false },
    result: { changed, failed, files: files.map(({ path }) => path), ...(msg !== undefined && { msg }) },
    seconds: (performance.now() - started) / 1000,
  });
}

function installTask({ where, directory }: Task): Task {
  const keywords = new Map<Value, Value>([
    ['become', true],
    ['become_user', 'root'],
  ]);
  const none = new Map<Value, Value>();
  return {
    ...{ kind: 'task', where, name: NAME, keywords, vars: none, action: 'first_boot', args: none, argsWhere: where },
    ...{ loop: undefined, role: undefined, directory },
  };
}
