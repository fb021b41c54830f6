/** Every action of Auto Scaling that the sandbox has. */

import type { Actions } from '../action.ts';
import { GROUP_TAG_ACTIONS } from './actions/group-tags.ts';
import { SCALING_GROUP_ACTIONS } from './actions/groups.ts';
import { INSTANCE_REFRESH_ACTIONS } from './actions/instance-refreshes.ts';
import { LIFECYCLE_HOOK_ACTIONS } from './actions/lifecycle-hooks.ts';
import { MEMBER_ACTIONS } from './actions/members.ts';
import { PROCESS_ACTIONS } from './actions/processes.ts';
import { TRAFFIC_SOURCE_ACTIONS } from './actions/traffic-sources.ts';

export const SCALING_ACTIONS: Actions = {
  ...SCALING_GROUP_ACTIONS,
  ...MEMBER_ACTIONS,
  ...PROCESS_ACTIONS,
  ...LIFECYCLE_HOOK_ACTIONS,
  ...GROUP_TAG_ACTIONS,
  ...TRAFFIC_SOURCE_ACTIONS,
  ...INSTANCE_REFRESH_ACTIONS,
};
