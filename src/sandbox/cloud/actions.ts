/** Every action that the sandbox has, by service. */

import type { Actions } from './action.ts';
import { REGION_ACTIONS } from './actions/regions.ts';
import { STS_ACTIONS } from './actions/sts.ts';

export const ACTIONS: Readonly<Record<string, Actions>> = {
  ec2: { ...REGION_ACTIONS },
  sts: STS_ACTIONS,
  iam: {},
};
