/** Starting, stopping, rebooting and terminating instances. */

import type {
  InstanceStateChange,
  MonitorInstancesRequest,
  MonitorInstancesResult,
  RebootInstancesRequest,
  StartInstancesRequest,
  StartInstancesResult,
  StopInstancesRequest,
  StopInstancesResult,
  TerminateInstancesRequest,
  TerminateInstancesResult,
} from '@aws-sdk/client-ec2';
import type { Action, Actions, Context } from '../action.ts';
import { knownInstances } from '../find-instances.ts';
import { settle, transitionOf } from '../instance-life.ts';
import type { InstanceRecord, InstanceState } from '../instance-record.ts';
import { shownState } from '../instance-shown.ts';
import { ApiError, missingParameter } from '../protocol/api-error.ts';

const startInstances: Action<StartInstancesRequest, StartInstancesResult> = ({ InstanceIds }, context) => {
  const instances = named(context, InstanceIds);
  mustBe(
    instances,
    ['pending', 'running', 'stopped'],
    (id) => `The instance '${id}' is not in a state from which it can be started.`,
  );
  const changed = changes(
    context,
    instances,
    ({ state }) => state === 'stopped',
    ({ reason: _, force: __, answeredAt: ___, ...instance }) => ({
      ...instance,
      state: 'pending',
      transition: '',
      launchedAt: Math.max(context.now, instance.launchedAt + 1),
    }),
  );
  return { StartingInstances: changed };
};

const stopInstances: Action<StopInstancesRequest, StopInstancesResult> = (input, context) => {
  const { InstanceIds, Hibernate, Force, SkipOsShutdown } = input;
  const { now } = context;
  if (Hibernate === true)
    throw new ApiError('UnsupportedHibernationConfiguration', 'The instance is not configured for hibernation.');
  const instances = named(context, InstanceIds);
  const wrong = (id: string) => `The instance '${id}' is not in a state from which it can be stopped.`;
  mustBe(instances, ['running', 'stopping', 'stopped'], wrong);
  for (const { id, keepFromStop, state } of instances) {
    if (keepFromStop && state === 'running') throw keptFrom(id, 'stopped', 'disableApiStop');
  }
  const force = Force === true || SkipOsShutdown === true;
  const message = 'Client.UserInitiatedShutdown: User initiated shutdown';
  const changed = changes(
    context,
    instances,
    ({ state }) => state === 'running' || (state === 'stopping' && force),
    (instance) => ({
      ...instance,
      state: 'stopping',
      force,
      reason: { code: 'Client.UserInitiatedShutdown', message },
      transition: transitionOf(now),
    }),
  );
  hurry(context, force ? instances.filter(({ state }) => state === 'stopping') : []);
  return { StoppingInstances: changed };
};

const terminateInstances: Action<TerminateInstancesRequest, TerminateInstancesResult> = (input, context) => {
  const { InstanceIds, Force, SkipOsShutdown } = input;
  const instances = named(context, InstanceIds);
  for (const { id, keepFromTermination, state } of instances) {
    if (keepFromTermination && state !== 'terminated') throw keptFrom(id, 'terminated', 'disableApiTermination');
  }
  const force = Force === true || SkipOsShutdown === true;
  const message = 'Client.UserInitiatedShutdown: User initiated shutdown';
  const changed = changes(
    context,
    instances,
    ({ state }) => state !== 'terminated' && state !== 'shutting-down',
    (instance) => ({
      ...instance,
      state: 'shutting-down',
      force,
      reason: { code: 'Client.UserInitiatedShutdown', message },
      transition: transitionOf(context.now),
    }),
  );
  hurry(context, force ? instances.filter(({ state }) => state === 'stopping') : []);
  return { TerminatingInstances: changed };
};

const rebootInstances: Action<RebootInstancesRequest, object> = ({ InstanceIds }, context) => {
  const { cloud, region } = context;
  const instances = named(context, InstanceIds);
  mustBe(instances, ['running'], (id) => `The instance '${id}' is not in the 'running' state.`);
  // What is known of it may be so no more.
  for (const { id } of instances) region.change('instances', id, ({ answeredAt: _, ...instance }) => instance);
  for (const { id } of instances) cloud.later(`rebooting ${id}`, () => cloud.machines.reboot(id));
  return {};
};

const monitorAs =
  (monitored: boolean): Action<MonitorInstancesRequest, MonitorInstancesResult> =>
  ({ InstanceIds }, context) => {
    const instances = named(context, InstanceIds);
    for (const { id } of instances) context.region.change('instances', id, (instance) => ({ ...instance, monitored }));
    const State = monitored ? 'pending' : 'disabling';
    return { InstanceMonitorings: instances.map(({ id }) => ({ InstanceId: id, Monitoring: { State } })) };
  };

function named({ region }: Context, ids: readonly string[] = []): readonly InstanceRecord[] {
  if (ids.length === 0) throw missingParameter('InstanceId');
  return knownInstances(region, ids);
}

function mustBe(
  instances: readonly InstanceRecord[],
  states: readonly InstanceState[],
  why: (id: string) => string,
): void {
  const wrong = instances.find(({ state }) => !states.includes(state));
  if (wrong !== undefined) throw new ApiError('IncorrectInstanceState', why(wrong.id));
}

function keptFrom(id: string, what: string, attribute: string): ApiError {
  const message = `The instance '${id}' may not be ${what}. Modify its '${attribute}' instance attribute and try again.`;
  return new ApiError('OperationNotPermitted', message);
}

/** Changes those that it concerns, and tells of all. */
function changes(
  { region, cloud }: Context,
  instances: readonly InstanceRecord[],
  concerns: (instance: InstanceRecord) => boolean,
  change: (instance: InstanceRecord) => InstanceRecord,
): InstanceStateChange[] {
  const concerned = instances.filter(concerns);
  // Also where there is nothing to change: this is where a dry run ends.
  region.update((state) => ({
    ...state,
    instances: {
      ...state.instances,
      ...Object.fromEntries(concerned.map((instance) => [instance.id, change(instance)])),
    },
  }));
  for (const { id } of concerned) settle(cloud, region.name, id);
  return instances.map(({ id, state }) => ({
    InstanceId: id,
    CurrentState: shownState(region.state.instances[id]?.state ?? 'terminated'),
    PreviousState: shownState(state),
  }));
}

/** Cuts the power of machines that are shutting down. */
function hurry({ cloud }: Context, instances: readonly InstanceRecord[]): void {
  for (const { id } of instances) cloud.later(`stopping ${id}`, () => cloud.machines.stop(id, { force: true }));
}

export const INSTANCE_POWER_ACTIONS: Actions = {
  StartInstances: startInstances,
  StopInstances: stopInstances,
  TerminateInstances: terminateInstances,
  RebootInstances: rebootInstances,
  MonitorInstances: monitorAs(true),
  UnmonitorInstances: monitorAs(false),
};
