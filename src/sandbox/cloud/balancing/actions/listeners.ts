/** Listeners: a port of a load balancer, and what becomes of what comes in there. */

import type {
  CreateListenerInput,
  CreateListenerOutput,
  DeleteListenerInput,
  DescribeListenersInput,
  DescribeListenersOutput,
  Listener,
  ModifyListenerInput,
  ModifyListenerOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Action, Actions } from '../../action.ts';
import type { Cloud } from '../../cloud.ts';
import { only } from '../../only.ts';
import { ApiError } from '../../protocol/api-error.ts';
import type { Region } from '../../region.ts';
import { newListenerArn } from '../arns.ts';
import type { BalancerType, GroupProtocol, ListenerRecord } from '../balancing-records.ts';
import { withTags } from '../balancing-tags.ts';
import { findListener, findLoadBalancer } from '../find-balancing.ts';
import { page } from '../pages.ts';
import { actionsOf, shownAction } from '../rule-actions.ts';
import { between, validationError } from '../validation-error.ts';

const create: Action<CreateListenerInput, CreateListenerOutput> = async (input, { cloud, region, now }) => {
  only(input, ['LoadBalancerArn', 'Protocol', 'Port', 'DefaultActions', 'Tags']);
  const balancer = findLoadBalancer(region, input.LoadBalancerArn);
  const protocol = protocolOf(input.Protocol, balancer.type);
  if (input.Port === undefined) throw validationError('A listener port must be specified');
  const port = between(input.Port, 'Port', [1, 65_535]);
  const actions = actionsOf(input.DefaultActions, region, balancer);
  const twin = on(region, balancer.id).find((other) => other.port === port);
  if (twin !== undefined) {
    if (JSON.stringify(twin.actions) === JSON.stringify(actions)) return { Listeners: [shown(twin)] };
    throw taken(balancer.id);
  }
  const id = newListenerArn(balancer.id);
  const tags = withTags({}, input.Tags);
  const listener: ListenerRecord = {
    ...{ id, tags, createdAt: now, balancer: balancer.id, port, protocol, actions },
    attributes: {},
  };
  region.put('listeners', listener);
  await listens(cloud, listener, () => region.remove('listeners', id));
  return { Listeners: [shown(listener)] };
};

/** Another program on this machine may have the port at every address. */
async function listens({ balancing }: Cloud, { id, port }: ListenerRecord, undo: () => void): Promise<void> {
  await balancing.look();
  const failure = balancing.failureOf(id);
  if (failure === undefined) return;
  undo();
  await balancing.look();
  const hint = 'another program may listen there at all addresses of this machine: take another port';
  throw new ApiError('UnsupportedOperation', `The sandbox cannot listen on port ${port}: ${failure}; ${hint}`);
}

function taken(balancer: string): ApiError {
  return new ApiError(
    'DuplicateListener',
    `A listener already exists on this port for this load balancer '${balancer}'`,
  );
}

const PROTOCOLS: Readonly<Record<BalancerType, readonly string[]>> = {
  application: ['HTTP', 'HTTPS'],
  network: ['TCP', 'TLS', 'UDP', 'TCP_UDP'],
};

function protocolOf(wanted: string | undefined, type: BalancerType): GroupProtocol {
  if (wanted === undefined) throw validationError('A listener protocol must be specified');
  if (!PROTOCOLS[type].includes(wanted)) {
    throw validationError(`Listener protocol '${wanted}' must be one of '${PROTOCOLS[type].join(', ')}'`);
  }
  if (wanted === 'HTTP' || wanted === 'TCP') return wanted;
  throw new ApiError(
    'UnsupportedOperation',
    `The sandbox has no listeners of ${wanted}: it has no certificates, and HTTP and TCP.`,
  );
}

function on(region: Region, balancer: string): readonly ListenerRecord[] {
  return Object.values(region.state.listeners).filter((listener) => listener.balancer === balancer);
}

const describe: Action<DescribeListenersInput, DescribeListenersOutput> = (input, { region }) => {
  const { LoadBalancerArn, ListenerArns: arns = [] } = input;
  if ((LoadBalancerArn === undefined) === (arns.length === 0)) {
    throw validationError('You must specify either listener ARNs or a load balancer ARN');
  }
  const of = LoadBalancerArn === undefined ? undefined : findLoadBalancer(region, LoadBalancerArn).id;
  const found =
    of === undefined
      ? arns.map((arn) => findListener(region, arn))
      : region.all('listeners').filter(({ balancer }) => balancer === of);
  const { items, next } = page(found, input);
  return { Listeners: items.map(shown), NextMarker: next };
};

const modify: Action<ModifyListenerInput, ModifyListenerOutput> = async (input, { cloud, region }) => {
  only(input, ['ListenerArn', 'Port', 'Protocol', 'DefaultActions']);
  const before = findListener(region, input.ListenerArn);
  const balancer = findLoadBalancer(region, before.balancer);
  const protocol = input.Protocol === undefined ? before.protocol : protocolOf(input.Protocol, balancer.type);
  const port = input.Port === undefined ? before.port : between(input.Port, 'Port', [1, 65_535]);
  const actions =
    input.DefaultActions === undefined ? before.actions : actionsOf(input.DefaultActions, region, balancer);
  if (on(region, balancer.id).some((other) => other.id !== before.id && other.port === port)) throw taken(balancer.id);
  const changes = { protocol, port, actions };
  region.change('listeners', before.id, (listener) => ({ ...listener, ...changes }));
  await listens(cloud, { ...before, port }, () => region.put('listeners', before));
  return { Listeners: [shown({ ...before, ...changes })] };
};

const remove: Action<DeleteListenerInput, object> = async ({ ListenerArn }, { cloud, region }) => {
  const { id } = findListener(region, ListenerArn);
  for (const rule of Object.values(region.state.listenerRules)) {
    if (rule.listener === id) region.remove('listenerRules', rule.id);
  }
  region.remove('listeners', id);
  await cloud.balancing.look();
  return {};
};

function shown({ id, balancer, port, protocol, actions }: ListenerRecord): Listener {
  return {
    ListenerArn: id,
    LoadBalancerArn: balancer,
    Port: port,
    Protocol: protocol,
    DefaultActions: actions.map(shownAction),
  };
}

export const LISTENER_ACTIONS: Actions = {
  CreateListener: create,
  DescribeListeners: describe,
  ModifyListener: modify,
  DeleteListener: remove,
};
