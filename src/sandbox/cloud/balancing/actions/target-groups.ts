/** Target groups: made, shown, changed, removed. Who is in them is in targets.ts. */

import type {
  CreateTargetGroupInput,
  CreateTargetGroupOutput,
  DeleteTargetGroupInput,
  DescribeTargetGroupsInput,
  DescribeTargetGroupsOutput,
  ModifyTargetGroupInput,
  ModifyTargetGroupOutput,
  TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Action, Actions } from '../../action.ts';
import { only } from '../../only.ts';
import { ApiError } from '../../protocol/api-error.ts';
import type { Region } from '../../region.ts';
import { newTargetGroupArn } from '../arns.ts';
import type { GroupProtocol, TargetGroupRecord } from '../balancing-records.ts';
import { withTags } from '../balancing-tags.ts';
import { checkName } from '../check-name.ts';
import { findLoadBalancer, findTargetGroup } from '../find-balancing.ts';
import { balancersOf } from '../group-users.ts';
import { checkOf } from '../health-check.ts';
import { page } from '../pages.ts';
import { between, notOneOf, validationError } from '../validation-error.ts';

const CHECK = [
  ...['HealthCheckProtocol', 'HealthCheckPort', 'HealthCheckEnabled', 'HealthCheckPath', 'HealthCheckIntervalSeconds'],
  ...['HealthCheckTimeoutSeconds', 'HealthyThresholdCount', 'UnhealthyThresholdCount', 'Matcher'],
];
const CREATE = [
  'Name',
  'Protocol',
  'ProtocolVersion',
  'Port',
  'VpcId',
  'TargetType',
  'Tags',
  'IpAddressType',
  ...CHECK,
];

const create: Action<CreateTargetGroupInput, CreateTargetGroupOutput> = (input, context) => {
  only(input, CREATE);
  const { region, now } = context;
  const name = checkName(input.Name, 'Target group');
  const targetType = targetTypeOf(input.TargetType);
  const protocol = protocolOf(input);
  if (input.Port === undefined) throw validationError('A port must be specified');
  const port = between(input.Port, 'Port', [1, 65_535]);
  const settings = {
    name,
    protocol,
    port,
    vpcId: vpcOf(region, input.VpcId),
    targetType,
    check: checkOf(input, protocol),
  };
  const twin = Object.values(region.state.targetGroups).find((other) => other.name === name);
  if (twin !== undefined) {
    if (isSame(twin, settings)) return { TargetGroups: [shown(twin, region)] };
    throw new ApiError(
      'DuplicateTargetGroupName',
      `A target group with the same name '${name}' exists, but with different settings`,
    );
  }
  const group: TargetGroupRecord = {
    ...settings,
    id: newTargetGroupArn(context, name),
    tags: withTags({}, input.Tags),
    createdAt: now,
    attributes: {},
    targets: [],
  };
  region.put('targetGroups', group);
  return { TargetGroups: [shown(group, region)] };
};

function targetTypeOf(type = 'instance'): 'instance' | 'ip' {
  if (type === 'instance' || type === 'ip') return type;
  if (type === 'lambda' || type === 'alb') {
    throw new ApiError('UnsupportedOperation', `The sandbox has no targets of the type ${type}: use instance or ip.`);
  }
  throw notOneOf(type, 'targetType', ['instance', 'ip', 'lambda', 'alb']);
}

const PROTOCOLS = ['HTTP', 'HTTPS', 'TCP', 'TLS', 'UDP', 'TCP_UDP', 'GENEVE'];

/** Terraform's provider says nothing of the version with an empty text. */
function protocolOf({ Protocol, ProtocolVersion = '', IpAddressType }: CreateTargetGroupInput): GroupProtocol {
  if (IpAddressType === 'ipv6') throw new ApiError('UnsupportedOperation', 'The sandbox speaks IPv4 only.');
  if (Protocol === undefined) throw validationError('A protocol must be specified');
  if (Protocol === 'HTTP') {
    if (ProtocolVersion === '' || ProtocolVersion === 'HTTP1') return Protocol;
    throw new ApiError('UnsupportedOperation', `The sandbox speaks HTTP1 to targets, not ${ProtocolVersion}.`);
  }
  if (Protocol === 'TCP') {
    if (ProtocolVersion === '') return Protocol;
    throw validationError('You cannot specify a protocol version for target groups with the protocol TCP');
  }
  if (!PROTOCOLS.includes(Protocol)) throw notOneOf(Protocol, 'protocol', PROTOCOLS);
  throw new ApiError('UnsupportedOperation', `The sandbox has no target groups of ${Protocol}: it has HTTP and TCP.`);
}

function vpcOf(region: Region, id: string | undefined): string {
  if (id === undefined) throw validationError('A VPC ID must be specified');
  if (region.state.vpcs[id] !== undefined && region.seen.vpcs[id] !== undefined) return id;
  throw validationError(`The VPC ID '${id}' is not found`);
}

function isSame(
  one: TargetGroupRecord,
  other: Omit<TargetGroupRecord, 'id' | 'tags' | 'createdAt' | 'attributes' | 'targets'>,
) {
  return (
    one.protocol === other.protocol &&
    one.port === other.port &&
    one.vpcId === other.vpcId &&
    one.targetType === other.targetType &&
    JSON.stringify(checkOf({}, one.protocol, one.check)) === JSON.stringify(checkOf({}, other.protocol, other.check))
  );
}

const describe: Action<DescribeTargetGroupsInput, DescribeTargetGroupsOutput> = (input, { region }) => {
  const { LoadBalancerArn, TargetGroupArns: arns = [], Names: names = [] } = input;
  if ([LoadBalancerArn === undefined, arns.length === 0, names.length === 0].filter((absent) => !absent).length > 1) {
    throw validationError(
      'Target group names, target group ARNs, and a load balancer ARN cannot be specified at the same time',
    );
  }
  const { items, next } = page(chosen(region, input), input);
  return { TargetGroups: items.map((group) => shown(group, region)), NextMarker: next };
};

function chosen(region: Region, input: DescribeTargetGroupsInput): readonly TargetGroupRecord[] {
  const { LoadBalancerArn, TargetGroupArns: arns = [], Names: names = [] } = input;
  const all = region.all('targetGroups');
  if (LoadBalancerArn !== undefined) {
    const { id } = findLoadBalancer(region, LoadBalancerArn);
    return all.filter((group) => balancersOf(region.seen, group.id).includes(id));
  }
  if (arns.length > 0) return arns.map((arn) => findTargetGroup(region, arn));
  if (names.length === 0) return all;
  return names.map((name) => {
    const found = all.find((group) => group.name === name);
    if (found !== undefined) return found;
    throw new ApiError('TargetGroupNotFound', 'One or more target groups not found');
  });
}

const modify: Action<ModifyTargetGroupInput, ModifyTargetGroupOutput> = (input, { cloud, region }) => {
  only(input, ['TargetGroupArn', ...CHECK]);
  const group = findTargetGroup(region, input.TargetGroupArn);
  const check = checkOf(input, group.protocol, group.check);
  region.change('targetGroups', group.id, (record) => ({ ...record, check }));
  cloud.balancing.lookSoon();
  return { TargetGroups: [shown({ ...group, check }, region)] };
};

/** One that is gone already is no error, as on AWS. */
const remove: Action<DeleteTargetGroupInput, object> = ({ TargetGroupArn = '' }, { region }) => {
  const group = region.state.targetGroups[TargetGroupArn];
  if (group === undefined) return {};
  if (balancersOf(region.state, group.id).length > 0) {
    throw new ApiError('ResourceInUse', `Target group '${group.id}' is currently in use by a listener or a rule`);
  }
  region.remove('targetGroups', group.id);
  return {};
};

function shown(group: TargetGroupRecord, region: Region): TargetGroup {
  const { id, name, protocol, port, vpcId, targetType, check } = group;
  return {
    TargetGroupArn: id,
    TargetGroupName: name,
    Protocol: protocol,
    Port: port,
    VpcId: vpcId,
    HealthCheckProtocol: check.protocol,
    HealthCheckPort: check.port,
    HealthCheckEnabled: true,
    HealthCheckIntervalSeconds: check.interval,
    HealthCheckTimeoutSeconds: check.timeout,
    HealthyThresholdCount: check.healthy,
    UnhealthyThresholdCount: check.unhealthy,
    ...(check.path === undefined ? {} : { HealthCheckPath: check.path }),
    ...(check.matcher === undefined ? {} : { Matcher: { HttpCode: check.matcher } }),
    LoadBalancerArns: [...balancersOf(region.seen, id)],
    TargetType: targetType,
    ...(protocol === 'HTTP' ? { ProtocolVersion: 'HTTP1' } : {}),
    IpAddressType: 'ipv4',
  };
}

export const TARGET_GROUP_ACTIONS: Actions = {
  CreateTargetGroup: create,
  DescribeTargetGroups: describe,
  ModifyTargetGroup: modify,
  DeleteTargetGroup: remove,
};
