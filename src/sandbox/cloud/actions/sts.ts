/** STS: who the caller is. Every caller is the one user that the sandbox has. */

import type { GetCallerIdentityResponse } from '@aws-sdk/client-sts';
import type { Action, Actions } from '../action.ts';

const getCallerIdentity: Action<object, GetCallerIdentityResponse> = (_, { cloud }) => {
  const { account } = cloud.store.state;
  return { UserId: 'AIDASANDBOX0000000000', Account: account, Arn: `arn:aws:iam::${account}:user/sandbox` };
};

export const STS_ACTIONS: Actions = { GetCallerIdentity: getCallerIdentity };
