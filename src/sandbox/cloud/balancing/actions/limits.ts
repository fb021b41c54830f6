/** What clients ask for besides: quotas, TLS policies, reserved capacity. */

import type {
  DescribeAccountLimitsInput,
  DescribeAccountLimitsOutput,
  DescribeCapacityReservationInput,
  DescribeCapacityReservationOutput,
  DescribeSSLPoliciesInput,
  DescribeSSLPoliciesOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Action, Actions } from '../../action.ts';
import { ApiError } from '../../protocol/api-error.ts';
import { findLoadBalancer } from '../find-balancing.ts';
import { page } from '../pages.ts';

/** AWS's own; the sandbox does not hold anyone to them. */
const LIMITS: Readonly<Record<string, string>> = {
  'application-load-balancers': '50',
  'network-load-balancers': '50',
  'target-groups': '3000',
  'targets-per-application-load-balancer': '1000',
  'targets-per-network-load-balancer': '3000',
  'listeners-per-application-load-balancer': '50',
  'listeners-per-network-load-balancer': '50',
  'rules-per-application-load-balancer': '100',
  'condition-values-per-alb-rule': '5',
  'target-groups-per-action-on-application-load-balancer': '5',
  'target-groups-per-action-on-network-load-balancer': '1',
};

const limits: Action<DescribeAccountLimitsInput, DescribeAccountLimitsOutput> = (input) => {
  const { items, next } = page(
    Object.entries(LIMITS).map(([Name, Max]) => ({ Name, Max })),
    input,
  );
  return { Limits: items, NextMarker: next };
};

/** There are none: no listener here has a certificate. */
const policies: Action<DescribeSSLPoliciesInput, DescribeSSLPoliciesOutput> = ({ Names: [wanted] = [] }) => {
  if (wanted === undefined) return { SslPolicies: [] };
  throw new ApiError('SSLPolicyNotFound', `SSL policy '${wanted}' not found`);
};

const reservation: Action<DescribeCapacityReservationInput, DescribeCapacityReservationOutput> = (
  { LoadBalancerArn },
  { region },
) => {
  findLoadBalancer(region, LoadBalancerArn);
  return {};
};

export const LIMIT_ACTIONS: Actions = {
  DescribeAccountLimits: limits,
  DescribeSSLPolicies: policies,
  DescribeCapacityReservation: reservation,
};
