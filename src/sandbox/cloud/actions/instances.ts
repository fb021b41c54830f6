/** Instances: launching and finding them. */

import type {
  DescribeInstancesRequest,
  DescribeInstancesResult,
  Reservation,
  RunInstancesRequest,
} from '@aws-sdk/client-ec2';
import { readMachines } from '../../machine.ts';
import type { Action, Actions, Context } from '../action.ts';
import { filtered } from '../filters.ts';
import { seenInstances } from '../find-instances.ts';
import { idempotent } from '../idempotency.ts';
import { INSTANCE_FACETS, type Listed } from '../instance-facets.ts';
import { settle } from '../instance-life.ts';
import type { InstanceRecord } from '../instance-record.ts';
import { type Surroundings, shownInstance } from '../instance-shown.ts';
import { countOf, launches } from '../launch.ts';
import { launchRequest } from '../launch-request.ts';
import { launchTemplateData, launchTemplateTags } from '../launch-template-data.ts';
import { paginate } from '../paginate.ts';
import { ApiError } from '../protocol/api-error.ts';
import type { Region } from '../region.ts';
import { ACCOUNT } from '../state.ts';

const runInstances: Action<RunInstancesRequest, Reservation> = async (input, context) => {
  const { region, cloud } = context;
  const token = input.ClientToken === '' ? undefined : input.ClientToken;
  if (token !== undefined && token.length > 64) {
    throw new ApiError(
      'InvalidParameterValue',
      'Value for parameter clientToken is invalid. It is longer than 64 characters.',
    );
  }
  const count = countOf(input);
  const taken = new Set((await readMachines(cloud.home)).map(({ number }) => number));
  const ids = await idempotent(context, { token, input, kind: 'instances' }, () => {
    const template = input.LaunchTemplate === undefined ? undefined : launchTemplateData(context, input.LaunchTemplate);
    const request = launchRequest(input, template);
    const tags = input.LaunchTemplate === undefined ? {} : launchTemplateTags(context, input.LaunchTemplate);
    const made = launches(context, request, count, { taken, token, tags });
    region.update((state) => ({
      ...state,
      instances: { ...state.instances, ...Object.fromEntries(made.map(({ instance }) => [instance.id, instance])) },
      volumes: {
        ...state.volumes,
        ...Object.fromEntries(made.flatMap(({ volumes }) => volumes).map((one) => [one.id, one])),
      },
    }));
    for (const { instance } of made) settle(cloud, region.name, instance.id);
    return made.map(({ instance }) => instance.id);
  });
  const instances = ids.flatMap((id) => region.state.instances[id] ?? []);
  return reservation(instances, surroundings(context));
};

/** The fewest that a page may be asked to hold. */
const LEAST_PAGE = 5;

const describeInstances: Action<DescribeInstancesRequest, DescribeInstancesResult> = (input, context) => {
  const { InstanceIds: ids = [], Filters, MaxResults: limit, NextToken } = input;
  if (ids.length > 0 && limit !== undefined) {
    const message = 'The parameter instancesSet cannot be used with the parameter maxResults';
    throw new ApiError('InvalidParameterCombination', message);
  }
  if (limit !== undefined && limit < LEAST_PAGE) {
    const message = `Value ( ${limit} ) for parameter maxResults is invalid. Expecting a value greater than ${LEAST_PAGE}.`;
    throw new ApiError('InvalidParameterValue', message);
  }
  const around = surroundings(context);
  const records = ids.length === 0 ? byReservation(context.region) : seenInstances(context.region, ids);
  const all = records.map((record): Listed => ({ record, shown: shownInstance(record, around) }));
  const { items, next } = paginate(filtered(all, Filters, INSTANCE_FACETS), limit, NextToken);
  return {
    Reservations: grouped(items.map(({ record }) => record)).map((instances) => reservation(instances, around)),
    ...(next === undefined ? {} : { NextToken: next }),
  };
};

/** What was launched together stands together. */
function byReservation(region: Region): readonly InstanceRecord[] {
  return grouped(region.all('instances')).flat();
}

function grouped(instances: readonly InstanceRecord[]): readonly (readonly InstanceRecord[])[] {
  const groups = new Map<string, InstanceRecord[]>();
  for (const instance of instances) {
    const group = groups.get(instance.reservationId) ?? [];
    groups.set(instance.reservationId, [...group, instance]);
  }
  return [...groups.values()].map((group) => group.sort((a, b) => a.launchIndex - b.launchIndex));
}

function reservation(instances: readonly InstanceRecord[], around: Surroundings): Reservation {
  return {
    ReservationId: instances[0]?.reservationId ?? '',
    OwnerId: ACCOUNT,
    Groups: [],
    Instances: instances.map((instance) => shownInstance(instance, around)),
  };
}

/** Things beside the instances are shown as they can be seen. */
export function surroundings({ region, cloud }: Context): Surroundings {
  return { region: region.name, state: region.seen, subnet: cloud.subnet };
}

export const INSTANCE_ACTIONS: Actions = { RunInstances: runInstances, DescribeInstances: describeInstances };
