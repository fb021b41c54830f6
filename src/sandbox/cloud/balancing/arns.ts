/** The ARNs of Elastic Load Balancing, which are the ids of its records. */

import { randomBytes } from 'node:crypto';
import type { Context } from '../action.ts';
import { stableId } from '../stable-id.ts';
import type { BalancerType } from './balancing-records.ts';

const LETTERS: Readonly<Record<BalancerType, string>> = { application: 'app', network: 'net' };

export function newBalancerArn(context: Context, type: BalancerType, name: string): string {
  return arn(context, `loadbalancer/${LETTERS[type]}/${name}/${unique()}`);
}

export function newTargetGroupArn(context: Context, name: string): string {
  return arn(context, `targetgroup/${name}/${unique()}`);
}

export function newListenerArn(balancer: string): string {
  return `${balancer.replace(':loadbalancer/', ':listener/')}/${unique()}`;
}

export function newRuleArn(listener: string): string {
  return `${ruleStem(listener)}/${unique()}`;
}

/** The rule that a listener always has. */
export function defaultRuleArn(listener: string): string {
  return `${ruleStem(listener)}/${stableId('rule', listener).slice(-16)}`;
}

/** Such as `app/web/50dc6c495c0c9188`: how metrics and interfaces call a load balancer. */
export function fullNameOf(balancer: string): string {
  return balancer.slice(balancer.indexOf('/') + 1);
}

function ruleStem(listener: string): string {
  return listener.replace(':listener/', ':listener-rule/');
}

function arn({ cloud, region }: Context, resource: string): string {
  return `arn:aws:elasticloadbalancing:${region.name}:${cloud.store.state.account}:${resource}`;
}

function unique(): string {
  return randomBytes(8).toString('hex');
}
