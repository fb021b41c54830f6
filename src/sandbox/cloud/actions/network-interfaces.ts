/** Network interfaces: each instance has one, from its launch until it is terminated, and there are no others. */

import type { DescribeNetworkInterfacesRequest, DescribeNetworkInterfacesResult } from '@aws-sdk/client-ec2';
import type { Action, Actions } from '../action.ts';
import { filtered } from '../filters.ts';
import { findInterface } from '../find-interface.ts';
import { exists } from '../instance-record.ts';
import { paginate } from '../paginate.ts';
import { interfaceFacets, shownInterface } from '../shown-interface.ts';

const describeInterfaces: Action<DescribeNetworkInterfacesRequest, DescribeNetworkInterfacesResult> = (
  input,
  context,
) => {
  const { region } = context;
  const { NetworkInterfaceIds: ids = [], Filters, MaxResults, NextToken } = input;
  const instances =
    ids.length === 0 ? region.all('instances').filter(exists) : ids.map((id) => findInterface(region, id));
  const { items, next } = paginate(filtered(instances, Filters, interfaceFacets(context)), MaxResults, NextToken);
  return { NetworkInterfaces: items.map((instance) => shownInterface(instance, context)), NextToken: next };
};

export const NETWORK_INTERFACE_ACTIONS: Actions = { DescribeNetworkInterfaces: describeInterfaces };
