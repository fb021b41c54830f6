/** A task's name as it is shown: `role : name`, templates filled in where they can be. */

import type { Task } from '../playbook/types.ts';
import { isTemplate } from '../template/templar.ts';
import type { HostState } from './host-state.ts';
import type { Lineage } from './lineage.ts';
import type { PlayState } from './play-state.ts';
import { scopeOf } from './variables.ts';

export function taskName(play: PlayState, task: Task, lineage: Lineage, host?: HostState): string {
  const name = task.name ?? actionName(task);
  const shown = host ? filledName(play, task, lineage, host, name) : name;
  if (task.action === 'include_role') return shown;
  return lineage.role ? `${lineage.role.name} : ${shown}` : shown;
}

function actionName({ action, written, args }: Task): string {
  if (action === 'include_role') return `${written ?? action} : ${String(args.get('name') ?? args.get('role') ?? '')}`;
  return action === 'meta' ? String(args.get('_raw_params') ?? 'meta') : (written ?? action);
}

/** A name with its templates filled in; one that reads what is not there yet stays as it is written. */
export function filledName(
  play: PlayState,
  task: Task,
  lineage: Lineage,
  host: HostState,
  name = task.name ?? '',
): string {
  if (!isTemplate(name)) return name;
  try {
    const scope = scopeOf(play, host, lineage, task);
    return String(play.world.templar([play.playbookDirectory]).render(name, scope, task.where));
  } catch {
    return name;
  }
}
