/** Target groups, and what they say of their targets. */

import type { ElasticLoadBalancingV2, TargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2';
import { isNotFound } from '../../cloud/cloud-error.ts';
import type { FleetConfig } from '../../config/fleet.ts';
import type { Findings } from '../../fault.ts';
import { near } from '../../value/near.ts';
import { whereOf } from '../../value/source.ts';
import type { SeenTarget, SeenTargetGroup } from './seen.ts';

/** All of them in the region. */
export async function listGroups(elb: ElasticLoadBalancingV2): Promise<readonly TargetGroup[]> {
  const found: TargetGroup[] = [];
  let marker: string | undefined;
  do {
    const { TargetGroups = [], NextMarker } = await elb.describeTargetGroups({
      PageSize: 400,
      ...(marker !== undefined && { Marker: marker }),
    });
    found.push(...TargetGroups);
    marker = NextMarker || undefined;
  } while (marker !== undefined);
  return found;
}

/** Those that hold connections, which can be drained. */
const PROTOCOLS = ['HTTP', 'HTTPS', 'TCP', 'TLS'];

/** The groups of a fleet in its order; what is wrong with them goes to the findings. @param vpc of the fleet's subnets */
export function groupsMeant(
  fleet: FleetConfig,
  all: readonly TargetGroup[],
  vpc: string | undefined,
  findings: Findings,
): readonly TargetGroup[] {
  return fleet.targetGroups.flatMap((word, index) => {
    const where = whereOf(fleet.targetGroups, index) ?? whereOf(fleet, 'target_groups');
    const wrong = (message: string, hint: string) => {
      findings.fault('fleet-invalid', `fleet ${fleet.name}: ${message}`, { where, hint });
      return [];
    };
    const group = all.find(
      ({ TargetGroupName, TargetGroupArn }) => TargetGroupName === word || TargetGroupArn === word,
    );
    if (group === undefined) {
      const names = all.flatMap(({ TargetGroupName }) => TargetGroupName ?? []);
      const [likely] = near(word, names);
      const there = names.length === 0 ? 'there are none' : `there are ${names.slice(0, 10).join(', ')}`;
      return wrong(`there is no target group ${word}`, likely === undefined ? there : `did you mean ${likely}?`);
    }
    const { TargetType, Protocol = '', VpcId, LoadBalancerArns = [] } = group;
    if (TargetType !== 'instance') {
      return wrong(
        `the targets of ${word} are of type ${TargetType}, not instance`,
        'make a group with TargetType instance',
      );
    }
    if (!PROTOCOLS.includes(Protocol)) {
      return wrong(`the target group ${word} is for ${Protocol}`, `instances are drained of ${PROTOCOLS.join(', ')}`);
    }
    if (vpc !== undefined && VpcId !== vpc) {
      return wrong(
        `the target group ${word} is in ${VpcId}, and the fleet's subnets are in ${vpc}`,
        'name subnets of its VPC',
      );
    }
    if (LoadBalancerArns.length === 0) {
      const hint = 'let a listener or a rule of a load balancer forward to it';
      return wrong(`no load balancer uses the target group ${word}: nothing in it becomes healthy`, hint);
    }
    return [group];
  });
}

export async function drainOf(elb: ElasticLoadBalancingV2, group: TargetGroup): Promise<SeenTargetGroup> {
  const { TargetGroupArn: arn = '', TargetGroupName: name = '', Port: port = 0 } = group;
  const { Attributes = [] } = await elb.describeTargetGroupAttributes({ TargetGroupArn: arn });
  const delay = Attributes.find(({ Key }) => Key === 'deregistration_delay.timeout_seconds')?.Value;
  return { arn, name, port, drain: Number(delay ?? 300) * 1000 };
}

/** By instance. Empty where the group has gone meanwhile. */
export async function healthOf(elb: ElasticLoadBalancingV2, arn: string): Promise<ReadonlyMap<string, SeenTarget>> {
  const answer = await elb.describeTargetHealth({ TargetGroupArn: arn }).catch((error: unknown) => {
    if (isNotFound(error)) return { TargetHealthDescriptions: [] };
    throw error;
  });
  return new Map(
    (answer.TargetHealthDescriptions ?? []).map(({ Target, TargetHealth }) => {
      const { State: state = '', Description, Reason = '' } = TargetHealth ?? {};
      return [Target?.Id ?? '', { state, reason: Description ?? Reason }];
    }),
  );
}
