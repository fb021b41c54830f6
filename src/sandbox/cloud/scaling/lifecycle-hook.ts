/** Lifecycle hooks as calls say them. */

import type { LifecycleHookSpecification, PutLifecycleHookType } from '@aws-sdk/client-auto-scaling';
import type { LifecycleHookRecord, LifecycleResult, Transition } from './group-record.ts';
import { invalid, within } from './invalid.ts';

type Said = LifecycleHookSpecification | PutLifecycleHookType;

export const TRANSITIONS: readonly Transition[] = [
  'autoscaling:EC2_INSTANCE_LAUNCHING',
  'autoscaling:EC2_INSTANCE_TERMINATING',
];

export function hooksOf(said: readonly Said[]): readonly LifecycleHookRecord[] {
  return said.map((hook) => hookOf(hook));
}

/** Throws the ApiError `ValidationError`. What the call does not say stays as `before` says it. */
export function hookOf(said: Said, before?: LifecycleHookRecord): LifecycleHookRecord {
  const { LifecycleHookName: name = '', LifecycleTransition = before?.transition } = said;
  if (!/^[A-Za-z0-9\-_/]{1,255}$/.test(name))
    throw invalid(`The lifecycle hook name ${JSON.stringify(name)} is not valid.`);
  const transition = TRANSITIONS.find((known) => known === LifecycleTransition);
  if (transition === undefined) {
    throw invalid(
      `Lifecycle Transition ${LifecycleTransition ?? ''} is not valid. It is one of ${TRANSITIONS.join(', ')}.`,
    );
  }
  within('HeartbeatTimeout', said.HeartbeatTimeout, 30, 7200);
  const metadata = said.NotificationMetadata ?? before?.metadata;
  const target = said.NotificationTargetARN ?? before?.target;
  const role = said.RoleARN ?? before?.role;
  return {
    name,
    transition,
    heartbeat: said.HeartbeatTimeout ?? before?.heartbeat ?? 3600,
    defaultResult: resultOf(said.DefaultResult ?? before?.defaultResult ?? 'ABANDON'),
    ...(metadata === undefined ? {} : { metadata }),
    ...(target === undefined || target === '' ? {} : { target }),
    ...(role === undefined ? {} : { role }),
  };
}

/** Throws the ApiError `ValidationError`. */
export function resultOf(text: string): LifecycleResult {
  if (text === 'CONTINUE' || text === 'ABANDON') return text;
  throw invalid(`The lifecycle action result ${JSON.stringify(text)} is not valid: it is CONTINUE or ABANDON.`);
}
