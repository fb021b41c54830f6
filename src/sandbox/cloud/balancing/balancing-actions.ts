/** Every action of Elastic Load Balancing that the sandbox has. */

import type { Actions } from '../action.ts';
import { ATTRIBUTE_ACTIONS } from './actions/attributes.ts';
import { LIMIT_ACTIONS } from './actions/limits.ts';
import { LISTENER_ACTIONS } from './actions/listeners.ts';
import { LOAD_BALANCER_ACTIONS } from './actions/load-balancers.ts';
import { RULE_ACTIONS } from './actions/rules.ts';
import { BALANCING_TAG_ACTIONS } from './actions/tags.ts';
import { TARGET_GROUP_ACTIONS } from './actions/target-groups.ts';
import { TARGET_ACTIONS } from './actions/targets.ts';

export const BALANCING_ACTIONS: Actions = {
  ...LOAD_BALANCER_ACTIONS,
  ...TARGET_GROUP_ACTIONS,
  ...TARGET_ACTIONS,
  ...LISTENER_ACTIONS,
  ...RULE_ACTIONS,
  ...ATTRIBUTE_ACTIONS,
  ...BALANCING_TAG_ACTIONS,
  ...LIMIT_ACTIONS,
};
