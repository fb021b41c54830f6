/** Load balancers: made, shown, moved, removed. */

import type {
  CreateLoadBalancerInput,
  CreateLoadBalancerOutput,
  DeleteLoadBalancerInput,
  DescribeLoadBalancersInput,
  DescribeLoadBalancersOutput,
  SetIpAddressTypeInput,
  SetIpAddressTypeOutput,
  SetSecurityGroupsInput,
  SetSecurityGroupsOutput,
  SetSubnetsInput,
  SetSubnetsOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Action, Actions, Context } from '../../action.ts';
import { applyFirewall } from '../../firewall.ts';
import { only } from '../../only.ts';
import { ApiError } from '../../protocol/api-error.ts';
import type { Region } from '../../region.ts';
import { newBalancerArn } from '../arns.ts';
import { attributeOf } from '../attribute-table.ts';
import { BALANCER_ATTRIBUTES } from '../balancer-attributes.ts';
import { addressFor, groupsFor, subnetsFor } from '../balancer-place.ts';
import type { BalancerType, LoadBalancerRecord } from '../balancing-records.ts';
import { withTags } from '../balancing-tags.ts';
import { checkName } from '../check-name.ts';
import { arnNotFound, findLoadBalancer } from '../find-balancing.ts';
import { page } from '../pages.ts';
import { shownBalancer, shownZones } from '../shown-balancer.ts';
import { notOneOf, validationError } from '../validation-error.ts';

const CREATE = ['Name', 'Subnets', 'SubnetMappings', 'SecurityGroups', 'Scheme', 'Tags', 'Type', 'IpAddressType'];

const create: Action<CreateLoadBalancerInput, CreateLoadBalancerOutput> = async (input, context) => {
  only(input, CREATE);
  const { cloud, region, now } = context;
  const type = typeOf(input.Type);
  const name = checkName(input.Name, 'Load balancer');
  if (name.startsWith('internal-')) throw validationError(`Load balancer name '${name}' cannot begin with 'internal-'`);
  onlyIpv4(input.IpAddressType);
  const scheme = input.Scheme ?? 'internet-facing';
  const subnets = subnetsFor(region, type, input);
  const vpcId = subnets[0]?.vpcId ?? '';
  const groupIds = groupsFor(region, type, vpcId, input.SecurityGroups);
  const settings = { name, type, scheme, vpcId, subnetIds: subnets.map(({ id }) => id), groupIds };
  const twin = sameNamed(region, name);
  if (twin !== undefined) {
    if (isSame(twin, settings)) return { LoadBalancers: [shownBalancer(twin, context)] };
    throw new ApiError(
      'DuplicateLoadBalancerName',
      `A load balancer with the same name '${name}' exists, but with different settings`,
    );
  }
  const balancer: LoadBalancerRecord = {
    ...settings,
    ...addressFor(context, subnets),
    id: newBalancerArn(context, type, name),
    tags: withTags({}, input.Tags),
    createdAt: now,
    attributes: {},
    state: 'provisioning',
  };
  region.put('loadBalancers', balancer);
  await applyFirewall(cloud);
  cloud.balancing.lookSoon();
  return { LoadBalancers: [shownBalancer(balancer, context)] };
};

function typeOf(type: string | undefined): BalancerType {
  if (type === undefined || type === 'application') return 'application';
  if (type === 'network') return type;
  if (type === 'gateway') throw new ApiError('UnsupportedOperation', 'The sandbox has no gateway load balancers.');
  throw notOneOf(type, 'type', ['application', 'network', 'gateway']);
}

function onlyIpv4(type: string | undefined): void {
  if (type === undefined || type === 'ipv4') return;
  throw new ApiError(
    'UnsupportedOperation',
    'The sandbox speaks IPv4 only: leave out the IP address type, or give ipv4.',
  );
}

function sameNamed(region: Region, name: string): LoadBalancerRecord | undefined {
  return Object.values(region.state.loadBalancers).find((other) => other.name === name);
}

function isSame(one: LoadBalancerRecord, other: Partial<LoadBalancerRecord>): boolean {
  return (
    one.type === other.type &&
    one.scheme === other.scheme &&
    sorted(one.subnetIds) === sorted(other.subnetIds) &&
    sorted(one.groupIds) === sorted(other.groupIds)
  );
}

function sorted(texts: readonly string[] = []): string {
  return [...texts].sort().join(' ');
}

const describe: Action<DescribeLoadBalancersInput, DescribeLoadBalancersOutput> = (input, context) => {
  const { LoadBalancerArns: arns = [], Names: names = [] } = input;
  if (arns.length > 0 && names.length > 0) {
    throw validationError('Load balancer names and load balancer ARNs cannot be specified at the same time');
  }
  const all = context.region.all('loadBalancers');
  const byName = names.map((name) => {
    const found = all.find((balancer) => balancer.name === name);
    if (found !== undefined) return found;
    throw new ApiError('LoadBalancerNotFound', `Load balancers '[${name}]' not found`);
  });
  const byArn = arns.map((arn) => findLoadBalancer(context.region, arn));
  const found = arns.length + names.length === 0 ? all : [...byArn, ...byName];
  const { items, next } = page(found, input);
  return { LoadBalancers: items.map((balancer) => shownBalancer(balancer, context)), NextMarker: next };
};

/** One that is gone already is no error, as on AWS. */
const remove: Action<DeleteLoadBalancerInput, object> = async ({ LoadBalancerArn = '' }, { cloud, region }) => {
  const balancer = existing(region, LoadBalancerArn);
  if (balancer === undefined) return {};
  const { type, attributes, id } = balancer;
  if (attributeOf(attributes, BALANCER_ATTRIBUTES[type], 'deletion_protection.enabled') === 'true') {
    throw new ApiError(
      'OperationNotPermitted',
      `Load balancer '${id}' cannot be deleted because deletion protection is enabled`,
    );
  }
  for (const listener of Object.values(region.state.listeners)) {
    if (listener.balancer !== id) continue;
    for (const rule of Object.values(region.state.listenerRules)) {
      if (rule.listener === listener.id) region.remove('listenerRules', rule.id);
    }
    region.remove('listeners', listener.id);
  }
  region.remove('loadBalancers', id);
  await cloud.balancing.look();
  await applyFirewall(cloud);
  return {};
};

function existing(region: Region, arn: string): LoadBalancerRecord | undefined {
  try {
    return findLoadBalancer(region, arn);
  } catch (error) {
    if (error instanceof ApiError && error.code === arnNotFound('loadBalancers', arn).code) return undefined;
    throw error;
  }
}

const setGroups: Action<SetSecurityGroupsInput, SetSecurityGroupsOutput> = async (input, { cloud, region }) => {
  only(input, ['LoadBalancerArn', 'SecurityGroups']);
  const { id, type, vpcId, groupIds: before } = findLoadBalancer(region, input.LoadBalancerArn);
  if (type === 'network' && before.length === 0) {
    throw new ApiError(
      'InvalidConfigurationRequest',
      'You cannot add security groups to a Network Load Balancer that was created without security groups',
    );
  }
  const wanted = input.SecurityGroups ?? [];
  if (wanted.length === 0) throw validationError('At least one security group must be specified');
  const groupIds = groupsFor(region, type, vpcId, wanted);
  region.change('loadBalancers', id, (balancer) => ({ ...balancer, groupIds }));
  await applyFirewall(cloud);
  return { SecurityGroupIds: [...groupIds] };
};

/** The address stays: it may come to be outside of the subnets that the load balancer then has. */
const setSubnets: Action<SetSubnetsInput, SetSubnetsOutput> = (input, context) => {
  only(input, ['LoadBalancerArn', 'Subnets', 'SubnetMappings', 'IpAddressType']);
  onlyIpv4(input.IpAddressType);
  const { region } = context;
  const balancer = findLoadBalancer(region, input.LoadBalancerArn);
  const subnets = subnetsFor(region, balancer.type, input);
  if (subnets[0]?.vpcId !== balancer.vpcId) {
    throw new ApiError('InvalidSubnet', `The subnets must belong to the VPC '${balancer.vpcId}'`);
  }
  const subnetIds = subnets.map(({ id }) => id);
  region.change('loadBalancers', balancer.id, (record) => ({ ...record, subnetIds }));
  return { AvailabilityZones: shownZones({ ...balancer, subnetIds }, context), IpAddressType: 'ipv4' };
};

const setAddressType: Action<SetIpAddressTypeInput, SetIpAddressTypeOutput> = (input, { region }: Context) => {
  findLoadBalancer(region, input.LoadBalancerArn);
  onlyIpv4(input.IpAddressType);
  return { IpAddressType: 'ipv4' };
};

export const LOAD_BALANCER_ACTIONS: Actions = {
  CreateLoadBalancer: create,
  DescribeLoadBalancers: describe,
  DeleteLoadBalancer: remove,
  SetSecurityGroups: setGroups,
  SetSubnets: setSubnets,
  SetIpAddressType: setAddressType,
};
