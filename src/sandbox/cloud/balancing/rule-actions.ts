/** What listeners and rules do with a request: as calls say it, and as the state keeps it. */

import type { Action, ForwardActionConfig } from '@aws-sdk/client-elastic-load-balancing-v2';
import { only } from '../only.ts';
import { ApiError } from '../protocol/api-error.ts';
import type { Region } from '../region.ts';
import type {
  FixedResponseAction,
  ForwardAction,
  LoadBalancerRecord,
  RedirectAction,
  RuleAction,
} from './balancing-records.ts';
import { findTargetGroup } from './find-balancing.ts';
import { balancersOf } from './group-users.ts';
import { between, notOneOf, validationError } from './validation-error.ts';

const CONTENT_TYPES = ['text/plain', 'text/css', 'text/html', 'application/javascript', 'application/json'];
const TYPES = ['forward', 'redirect', 'fixed-response'];

/** Throws ApiErrors. `balancer` is the one that shall do so. */
export function actionsOf(
  actions: readonly Action[] = [],
  region: Region,
  balancer: LoadBalancerRecord,
): readonly RuleAction[] {
  if (actions.length === 0) throw validationError('At least one action must be specified');
  const made = actions.map((action) => actionOf(action, region, balancer));
  if (made.length > 1) {
    throw new ApiError('UnsupportedOperation', 'The sandbox has no actions that come before others: give one action.');
  }
  return made;
}

function actionOf(action: Action, region: Region, balancer: LoadBalancerRecord): RuleAction {
  only(action, ['Type', 'TargetGroupArn', 'Order', 'RedirectConfig', 'FixedResponseConfig', 'ForwardConfig']);
  const order = action.Order === undefined ? {} : { order: between(action.Order, 'Action order', [1, 50_000]) };
  if (action.Type === 'forward') return { ...forwardOf(action, region, balancer), ...order };
  if (balancer.type === 'network') {
    throw new ApiError(
      'InvalidLoadBalancerAction',
      `The action type '${action.Type}' is not valid with network load balancer`,
    );
  }
  if (action.Type === 'fixed-response') return { ...fixedOf(action), ...order };
  if (action.Type === 'redirect') return { ...redirectOf(action), ...order };
  throw notOneOf(action.Type ?? '', 'actions.1.member.type', TYPES);
}

function forwardOf(action: Action, region: Region, balancer: LoadBalancerRecord): ForwardAction {
  const tuples = action.ForwardConfig?.TargetGroups ?? [{ TargetGroupArn: action.TargetGroupArn }];
  if (tuples.length < 1 || tuples.length > 5 || (tuples.length > 1 && balancer.type === 'network')) {
    throw validationError(`You can specify 1 to ${balancer.type === 'network' ? 1 : 5} target groups`);
  }
  const named = tuples[0]?.TargetGroupArn;
  if (action.TargetGroupArn !== undefined && (tuples.length > 1 || named !== action.TargetGroupArn)) {
    throw validationError(
      'You cannot specify both a target group ARN and a forward action configuration with other target groups',
    );
  }
  const groups = tuples.map(({ TargetGroupArn, Weight = 1 }) => {
    if (TargetGroupArn === undefined) throw validationError('A target group ARN must be specified');
    fits(TargetGroupArn, region, balancer);
    return { group: TargetGroupArn, weight: between(Weight, 'Target group weight', [0, 999]) };
  });
  const { Enabled = false, DurationSeconds } = action.ForwardConfig?.TargetGroupStickinessConfig ?? {};
  if (!Enabled) return { type: 'forward', groups };
  if (DurationSeconds === undefined) throw validationError('A duration must be specified for target group stickiness');
  return { type: 'forward', groups, stickySeconds: between(DurationSeconds, 'Stickiness duration', [1, 604_800]) };
}

function fits(arn: string, region: Region, balancer: LoadBalancerRecord): void {
  const group = findTargetGroup(region, arn);
  if ((group.protocol === 'TCP') !== (balancer.type === 'network')) {
    const type = `${balancer.type[0]?.toUpperCase()}${balancer.type.slice(1)}`;
    throw new ApiError(
      'InvalidConfigurationRequest',
      `${type} Load Balancers cannot have target groups with the protocol ${group.protocol}: '${arn}'`,
    );
  }
  if (group.vpcId !== balancer.vpcId) {
    throw new ApiError(
      'InvalidConfigurationRequest',
      `The following target groups do not belong to the same VPC as the load balancer: '${arn}'`,
    );
  }
  if (balancersOf(region.state, arn).some((other) => other !== balancer.id)) {
    throw new ApiError(
      'TargetGroupAssociationLimit',
      `The following target groups cannot be associated with more than one load balancer: ${arn}`,
    );
  }
}

function fixedOf({ FixedResponseConfig: config }: Action): FixedResponseAction {
  if (config === undefined) throw validationError('A fixed response action needs a FixedResponseConfig');
  const { StatusCode = '', ContentType, MessageBody } = config;
  if (!/^[245]\d\d$/.test(StatusCode)) {
    throw validationError(
      `1 validation error detected: Value '${StatusCode}' at 'actions.1.member.fixedResponseConfig.statusCode' failed to satisfy constraint: Member must satisfy regular expression pattern: ^(2|4|5)\\d\\d$`,
    );
  }
  if (ContentType !== undefined && !CONTENT_TYPES.includes(ContentType)) {
    throw new ApiError('InvalidLoadBalancerAction', `The ContentType must be one of: ${CONTENT_TYPES.join(', ')}`);
  }
  if ((MessageBody ?? '').length > 1024) throw validationError('A message body has at most 1024 characters');
  return {
    type: 'fixed-response',
    status: Number(StatusCode),
    ...(ContentType === undefined ? {} : { contentType: ContentType }),
    ...(MessageBody === undefined ? {} : { body: MessageBody }),
  };
}

function redirectOf({ RedirectConfig: config }: Action): RedirectAction {
  if (config === undefined) throw validationError('A redirect action needs a RedirectConfig');
  const {
    Protocol = '#{protocol}',
    Host = '#{host}',
    Port = '#{port}',
    Path = '/#{path}',
    Query = '#{query}',
  } = config;
  if (config.StatusCode !== 'HTTP_301' && config.StatusCode !== 'HTTP_302') {
    throw notOneOf(config.StatusCode ?? '', 'actions.1.member.redirectConfig.statusCode', ['HTTP_301', 'HTTP_302']);
  }
  if (!/^(?:HTTPS?|#\{protocol\})$/.test(Protocol))
    throw validationError(`The redirect protocol '${Protocol}' is not valid`);
  const isPort = /^\d{1,5}$/.test(Port) && Number(Port) >= 1 && Number(Port) <= 65_535;
  if (Port !== '#{port}' && !isPort) throw validationError(`The redirect port '${Port}' is not valid`);
  if (!Path.startsWith('/')) throw validationError(`The redirect path '${Path}' must start with '/'`);
  const keeps = Protocol === '#{protocol}' && Host === '#{host}' && Port === '#{port}' && Path === '/#{path}';
  if (keeps) {
    throw new ApiError(
      'InvalidLoadBalancerAction',
      'The redirect configuration is not valid because it creates a loop.',
    );
  }
  const status = config.StatusCode === 'HTTP_301' ? 301 : 302;
  return { type: 'redirect', protocol: Protocol, host: Host, port: Port, path: Path, query: Query, status };
}

export function shownAction(action: RuleAction): Action {
  const Order = action.order;
  if (action.type === 'forward') {
    const [first, ...more] = action.groups;
    const one = more.length === 0 && first !== undefined ? { TargetGroupArn: first.group } : {};
    return { Type: 'forward', Order, ...one, ForwardConfig: shownForward(action) };
  }
  if (action.type === 'fixed-response') {
    const { status, contentType, body } = action;
    const FixedResponseConfig = { StatusCode: String(status), ContentType: contentType, MessageBody: body };
    return { Type: 'fixed-response', Order, FixedResponseConfig };
  }
  const { protocol: Protocol, host: Host, port: Port, path: Path, query: Query, status } = action;
  const StatusCode = status === 301 ? 'HTTP_301' : 'HTTP_302';
  return { Type: 'redirect', Order, RedirectConfig: { Protocol, Host, Port, Path, Query, StatusCode } };
}

function shownForward({ groups, stickySeconds }: ForwardAction): ForwardActionConfig {
  return {
    TargetGroups: groups.map(({ group, weight }) => ({ TargetGroupArn: group, Weight: weight })),
    TargetGroupStickinessConfig: {
      Enabled: stickySeconds !== undefined,
      ...(stickySeconds === undefined ? {} : { DurationSeconds: stickySeconds }),
    },
  };
}
