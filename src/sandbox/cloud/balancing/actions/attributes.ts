/** Attributes of load balancers, target groups and listeners. */

import type {
  DescribeListenerAttributesInput,
  DescribeListenerAttributesOutput,
  DescribeLoadBalancerAttributesInput,
  DescribeLoadBalancerAttributesOutput,
  DescribeTargetGroupAttributesInput,
  DescribeTargetGroupAttributesOutput,
  ModifyListenerAttributesInput,
  ModifyListenerAttributesOutput,
  ModifyLoadBalancerAttributesInput,
  ModifyLoadBalancerAttributesOutput,
  ModifyTargetGroupAttributesInput,
  ModifyTargetGroupAttributesOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Action, Actions } from '../../action.ts';
import { attributeOf, changedAttributes, shownAttributes } from '../attribute-table.ts';
import { BALANCER_ATTRIBUTES } from '../balancer-attributes.ts';
import type { Attributes, TargetGroupRecord } from '../balancing-records.ts';
import { findListener, findLoadBalancer, findTargetGroup } from '../find-balancing.ts';
import { GROUP_ATTRIBUTES } from '../group-attributes.ts';
import { LISTENER_ATTRIBUTES } from '../listener-attributes.ts';
import { validationError } from '../validation-error.ts';

const ofBalancer: Action<DescribeLoadBalancerAttributesInput, DescribeLoadBalancerAttributesOutput> = (
  { LoadBalancerArn },
  { region },
) => {
  const { attributes, type } = findLoadBalancer(region, LoadBalancerArn);
  return { Attributes: shownAttributes(attributes, BALANCER_ATTRIBUTES[type]) };
};

const modifyBalancer: Action<ModifyLoadBalancerAttributesInput, ModifyLoadBalancerAttributesOutput> = (
  { LoadBalancerArn, Attributes },
  { region },
) => {
  const { id, type, attributes: before } = findLoadBalancer(region, LoadBalancerArn);
  const attributes = changedAttributes(before, Attributes, BALANCER_ATTRIBUTES[type], 'Load balancer');
  region.change('loadBalancers', id, (record) => ({ ...record, attributes }));
  return { Attributes: shownAttributes(attributes, BALANCER_ATTRIBUTES[type]) };
};

const ofGroup: Action<DescribeTargetGroupAttributesInput, DescribeTargetGroupAttributesOutput> = (
  { TargetGroupArn },
  { region },
) => {
  const { attributes, protocol } = findTargetGroup(region, TargetGroupArn);
  return { Attributes: shownAttributes(attributes, GROUP_ATTRIBUTES[protocol]) };
};

const modifyGroup: Action<ModifyTargetGroupAttributesInput, ModifyTargetGroupAttributesOutput> = (
  { TargetGroupArn, Attributes },
  { region },
) => {
  const { id, protocol, attributes: before } = findTargetGroup(region, TargetGroupArn);
  const attributes = changedAttributes(before, Attributes, GROUP_ATTRIBUTES[protocol], 'Target group');
  checkCookie(protocol, attributes);
  region.change('targetGroups', id, (record) => ({ ...record, attributes }));
  return { Attributes: shownAttributes(attributes, GROUP_ATTRIBUTES[protocol]) };
};

function checkCookie(protocol: TargetGroupRecord['protocol'], attributes: Attributes): void {
  const value = (key: string) => attributeOf(attributes, GROUP_ATTRIBUTES[protocol], key);
  if (value('stickiness.enabled') !== 'true' || value('stickiness.type') !== 'app_cookie') return;
  const name = value('stickiness.app_cookie.cookie_name');
  if (name === '') {
    throw validationError('You must set an application cookie name to enable stickiness of type app_cookie');
  }
  if (/^AWSALB/.test(name)) throw validationError(`The cookie name '${name}' is reserved for the load balancer`);
}

const ofListener: Action<DescribeListenerAttributesInput, DescribeListenerAttributesOutput> = (
  { ListenerArn },
  { region },
) => {
  const { attributes, protocol } = findListener(region, ListenerArn);
  return { Attributes: shownAttributes(attributes, LISTENER_ATTRIBUTES[protocol]) };
};

const modifyListener: Action<ModifyListenerAttributesInput, ModifyListenerAttributesOutput> = (
  { ListenerArn, Attributes },
  { region },
) => {
  const { id, protocol, attributes: before } = findListener(region, ListenerArn);
  const attributes = changedAttributes(before, Attributes, LISTENER_ATTRIBUTES[protocol], 'Listener');
  region.change('listeners', id, (record) => ({ ...record, attributes }));
  return { Attributes: shownAttributes(attributes, LISTENER_ATTRIBUTES[protocol]) };
};

export const ATTRIBUTE_ACTIONS: Actions = {
  DescribeLoadBalancerAttributes: ofBalancer,
  ModifyLoadBalancerAttributes: modifyBalancer,
  DescribeTargetGroupAttributes: ofGroup,
  ModifyTargetGroupAttributes: modifyGroup,
  DescribeListenerAttributes: ofListener,
  ModifyListenerAttributes: modifyListener,
};
