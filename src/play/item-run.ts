import type { HostState } from './host-state.ts';
import type { ItemRun, TaskRun } from './task-run.ts';
import { scopeOf, searchPath } from './variables.ts';

/** A task on one host, before any item of its loop is chosen. */
export function itemRun(task: TaskRun, host: HostState): ItemRun {
  const path = searchPath(task.play, task.lineage, task.task.directory);
  const scope = scopeOf(task.play, host, task.lineage, task.task);
  return { ...task, host, scope, templar: task.play.world.templar(path, host.name), searchPath: path };
}
