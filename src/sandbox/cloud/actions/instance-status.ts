/** How instances are: their checks, and what they wrote on their consoles. */

import type {
  DescribeInstanceStatusRequest,
  DescribeInstanceStatusResult,
  GetConsoleOutputRequest,
  GetConsoleOutputResult,
  InstanceStatus,
  InstanceStatusSummary,
} from '@aws-sdk/client-ec2';
import type { Action, Actions } from '../action.ts';
import { type Facets, filtered } from '../filters.ts';
import { knownInstances, seenInstances } from '../find-instances.ts';
import type { InstanceRecord } from '../instance-record.ts';
import { STATE_CODES, shownState } from '../instance-shown.ts';
import { paginate } from '../paginate.ts';
import { ApiError } from '../protocol/api-error.ts';
import { zoneIdOf } from '../regions.ts';

/** Milliseconds after which an instance that has not answered fails its check. */
const PATIENCE = 300_000;

type Check = 'ok' | 'initializing' | 'impaired' | 'not-applicable';

function checkOf({ state, answeredAt, launchedAt }: InstanceRecord, now: number): Check {
  if (state !== 'running') return 'not-applicable';
  if (answeredAt !== undefined) return 'ok';
  return now - launchedAt < PATIENCE ? 'initializing' : 'impaired';
}

function summary(check: Check): InstanceStatusSummary {
  if (check === 'not-applicable') return { Status: check };
  const Status = check === 'ok' ? 'passed' : check === 'initializing' ? 'initializing' : 'failed';
  return { Status: check, Details: [{ Name: 'reachability', Status }] };
}

const describeStatus: Action<DescribeInstanceStatusRequest, DescribeInstanceStatusResult> = (
  { InstanceIds: ids = [], IncludeAllInstances, Filters, MaxResults, NextToken },
  { region, now },
) => {
  if (ids.length > 0 && MaxResults !== undefined) {
    const message = 'The parameter instancesSet cannot be used with the parameter maxResults';
    throw new ApiError('InvalidParameterCombination', message);
  }
  const all = ids.length === 0 ? region.all('instances') : seenInstances(region, ids);
  const wanted = all.filter(({ state }) => IncludeAllInstances === true || state === 'running');
  const found = filtered(wanted, Filters, facetsAt(now));
  const { items, next } = paginate(found, MaxResults, NextToken);
  const shown = items.map((instance): InstanceStatus => {
    const check = summary(checkOf(instance, now));
    return {
      InstanceId: instance.id,
      AvailabilityZone: instance.zone,
      AvailabilityZoneId: zoneIdOf(region.name, instance.zone),
      InstanceState: shownState(instance.state),
      InstanceStatus: check,
      SystemStatus: check,
      Events: [],
    };
  });
  return { InstanceStatuses: shown, ...(next === undefined ? {} : { NextToken: next }) };
};

function facetsAt(now: number): Facets<InstanceRecord> {
  const status = (instance: InstanceRecord) => [checkOf(instance, now)];
  const reachability = (instance: InstanceRecord) => {
    return (summary(checkOf(instance, now)).Details ?? []).map(({ Status }) => Status);
  };
  return {
    'availability-zone': ({ zone }) => [zone],
    'event.code': () => [],
    'event.description': () => [],
    'event.instance-event-id': () => [],
    'event.not-after': () => [],
    'event.not-before': () => [],
    'event.not-before-deadline': () => [],
    'instance-state-code': ({ state }) => [STATE_CODES[state]],
    'instance-state-name': ({ state }) => [state],
    'instance-status.reachability': reachability,
    'instance-status.status': status,
    'system-status.reachability': reachability,
    'system-status.status': status,
  };
}

/** As much as EC2 keeps; bytes. */
const KEPT = 65_536;

const getConsoleOutput: Action<GetConsoleOutputRequest, GetConsoleOutputResult> = async (
  { InstanceId = '' },
  { region, cloud, now },
) => {
  const [instance] = knownInstances(region, [InstanceId]);
  const output = instance === undefined ? Buffer.alloc(0) : await cloud.machines.console(instance.id);
  return {
    InstanceId,
    Timestamp: new Date(now),
    ...(output.length === 0 ? {} : { Output: output.subarray(-KEPT).toString('base64') }),
  };
};

export const INSTANCE_STATUS_ACTIONS: Actions = {
  DescribeInstanceStatus: describeStatus,
  GetConsoleOutput: getConsoleOutput,
};
