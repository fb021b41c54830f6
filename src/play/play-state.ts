/** One play under way. */

import type { Play, RoleUse } from '../playbook/types.ts';
import type { Dict } from '../value/value.ts';
import type { Courses } from './courses.ts';
import type { Handlers } from './handlers.ts';
import type { HostState } from './host-state.ts';
import type { Lineage } from './lineage.ts';
import type { Notifications } from './notifications.ts';
import type { Turn } from './turn.ts';
import type { World } from './world.ts';

export interface PlayState {
  readonly world: World;
  readonly play: Play;
  /** Its name, or the pattern of its hosts. */
  readonly title: string;
  readonly lineage: Lineage;
  readonly playbookDirectory: string;
  /** Every host of the play as in the inventory, and those of the batch under way in the play's order. */
  readonly allHosts: readonly HostState[];
  readonly batch: readonly HostState[];
  readonly handlers: Handlers;
  readonly notifications: Notifications;
  /** How each host goes through the tasks of the batch. */
  readonly courses: Courses;
  /** Of the task that this is the play's state for, where that was begun before its turn. */
  readonly turn?: Turn | undefined;
  /** Roles that `include_role` with `public: true` brought: seen by all tasks that follow. */
  readonly publicRoles: RoleUse[];
  /** `meta: end_play`, too many failures, Ctrl-C: nothing more is begun. */
  stopped: boolean;
  /** An error was fatal for all hosts: no later play runs either. */
  broken: boolean;
  /** Answers to vars_prompt. */
  readonly prompted: Dict;
}
