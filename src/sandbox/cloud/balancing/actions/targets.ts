/** Who is in a target group, and how they are. */

import type {
  DeregisterTargetsInput,
  DescribeTargetHealthInput,
  DescribeTargetHealthOutput,
  RegisterTargetsInput,
  TargetDescription,
  TargetHealth,
  TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Action, Actions } from '../../action.ts';
import { only } from '../../only.ts';
import type { TargetGroupRecord, TargetRecord } from '../balancing-records.ts';
import { findTargetGroup } from '../find-balancing.ts';
import { deregisterTargets, registerTargets, type TargetWish } from '../registration.ts';
import { healthOf, NOT_REGISTERED } from '../target-health.ts';
import { validationError } from '../validation-error.ts';

const register: Action<RegisterTargetsInput, object> = ({ TargetGroupArn = '', Targets }, { cloud, region }) => {
  registerTargets(cloud, region, TargetGroupArn, wishesOf(Targets));
  return {};
};

const deregister: Action<DeregisterTargetsInput, object> = ({ TargetGroupArn = '', Targets }, { cloud, region }) => {
  deregisterTargets(cloud, region, TargetGroupArn, wishesOf(Targets));
  return {};
};

function wishesOf(targets: readonly TargetDescription[] = []): readonly TargetWish[] {
  if (targets.length === 0) throw validationError('At least one target must be specified');
  return targets.map((target) => {
    only(target, ['Id', 'Port', 'AvailabilityZone']);
    return { id: target.Id ?? '', port: target.Port, zone: target.AvailabilityZone };
  });
}

/** The SDK's type does not say that codes are texts of a known set here. */
interface Described extends Omit<DescribeTargetHealthOutput, 'TargetHealthDescriptions'> {
  readonly TargetHealthDescriptions: readonly Shown[];
}

interface Shown extends Omit<TargetHealthDescription, 'TargetHealth'> {
  readonly TargetHealth: Omit<TargetHealth, 'Reason'> & { readonly Reason?: string | undefined };
}

const describe: Action<DescribeTargetHealthInput, Described> = ({ TargetGroupArn, Targets = [] }, { region }) => {
  const group = findTargetGroup(region, TargetGroupArn);
  const seen = region.seen.targetGroups[group.id] ?? group;
  const show = (target: TargetRecord): Shown => {
    const { state, reason, description } = healthOf(region.seen, seen, target);
    return {
      Target: described(target),
      HealthCheckPort: seen.check.port === 'traffic-port' ? String(target.port) : seen.check.port,
      TargetHealth: { State: state, Reason: reason, Description: description },
    };
  };
  if (Targets.length === 0) return { TargetHealthDescriptions: seen.targets.map(show) };
  const shown = Targets.flatMap((wish) => {
    const found = seen.targets.filter(({ id, port }) => id === wish.Id && (wish.Port ?? port) === port);
    return found.length === 0 ? [absent(wish, seen)] : found.map(show);
  });
  return { TargetHealthDescriptions: shown };
};

function absent({ Id, Port }: TargetDescription, { port }: TargetGroupRecord): Shown {
  const { state, reason, description } = NOT_REGISTERED;
  return {
    Target: { Id, Port: Port ?? port },
    TargetHealth: { State: state, Reason: reason, Description: description },
  };
}

function described({ id, port, zone }: TargetRecord): TargetDescription {
  return { Id: id, Port: port, ...(zone === undefined ? {} : { AvailabilityZone: zone }) };
}

export const TARGET_ACTIONS: Actions = {
  RegisterTargets: register,
  DeregisterTargets: deregister,
  DescribeTargetHealth: describe,
};
