/** Looks at what is there for plans: few calls, side by side, and all that is wrong with the fleets at once. */

import type { TargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2';
import { Images } from '../../bake/images.ts';
import type { Cloud } from '../../cloud/cloud.ts';
import { asFault } from '../../cloud/cloud-error.ts';
import type { FleetConfig } from '../../config/fleet.ts';
import { Findings } from '../../fault.ts';
import { FLEET_TAG } from '../apply/tags.ts';
import { lookAtGroup } from '../autoscaling/look-at-group.ts';
import type { Goal } from '../plan/goal.ts';
import type { FleetState, State } from '../state/state.ts';
import { drainOf, groupsMeant, healthOf, listGroups } from './look-at-groups.ts';
import { imageMeant, launchable } from './look-at-images.ts';
import { lookAtInstances } from './look-at-instances.ts';
import { lookAtNetwork, placeMeant } from './look-at-network.ts';
import { lookAtVolumes } from './look-at-volumes.ts';
import type { FleetSeen, Seen, SeenImage } from './seen.ts';

export interface LookRequest {
  readonly cloud: Cloud;
  readonly fleets: readonly { readonly fleet: FleetConfig; readonly goal: Goal }[];
  readonly state: State | undefined;
}

/**
 * Throws Faults for all that fleets name and that is not there, or not as it must be (`fleet-invalid`, `image-missing`,
 * `image-unusable`), and at once the Fault of a call that is refused, such as `cloud-denied`.
 */
export async function look(request: LookRequest): Promise<Seen> {
  try {
    return await lookNow(request);
  } catch (error) {
    throw asFault(error);
  }
}

async function lookNow({ cloud, fleets, state }: LookRequest): Promise<Seen> {
  const [ec2, elb] = [cloud.ec2(), cloud.elb()];
  const known = new Map(fleets.map(({ fleet }) => [fleet.name, idsIn(state?.fleets[fleet.name])]));
  const all = [...known.values()];
  const usesGroups =
    fleets.some(({ fleet }) => fleet.targetGroups.length > 0) || all.some(({ groups }) => groups.length > 0);
  const needsImage = fleets.filter(({ goal }) => goal.kind === 'config');
  const isBuilt = fleets.some(({ goal }) => goal.kind !== 'destroy');
  const images = new Images(ec2, cloud.region);
  const imageIds = fleets.flatMap(({ fleet, goal }) => imagesOf(state?.fleets[fleet.name], goal));
  const [account, instances, volumes, groups, network, ours, earlier] = await Promise.all([
    cloud.account(),
    lookAtInstances(ec2, [...known.keys()], [...new Set(all.flatMap(({ instances }) => instances))]),
    lookAtVolumes(ec2, [...new Set(all.flatMap(({ volumes }) => volumes))]),
    usesGroups ? listGroups(elb) : [],
    isBuilt ? lookAtNetwork(ec2) : { subnets: [], securityGroups: [], keys: [] },
    needsImage.length > 0 ? images.list() : [],
    launchable(ec2, [...new Set(imageIds)]),
  ]);

  const findings = new Findings();
  const looked = await Promise.all(
    fleets.map(async ({ fleet, goal }): Promise<readonly [string, FleetSeen]> => {
      const ids = known.get(fleet.name)!;
      const image =
        goal.kind === 'config'
          ? await imageMeant(fleet, images, ours).catch((error: unknown) => findings.keep(asFault(error)))
          : undefined;
      const place = goal.kind === 'destroy' ? NOWHERE : placeMeant(fleet, network, findings);
      const meant = goal.kind === 'config' ? groupsMeant(fleet, groups, place.vpc, findings) : [];
      const inUse = groups.filter(({ TargetGroupArn: arn = '' }) => ids.groups.includes(arn));
      const both: readonly TargetGroup[] = [...new Set([...meant, ...inUse])];
      const [targetGroups, health] = await Promise.all([
        Promise.all(both.map((group) => drainOf(elb, group))),
        Promise.all(both.map(async ({ TargetGroupArn: arn = '' }) => [arn, await healthOf(elb, arn)] as const)),
      ]);
      const own = instances.filter(({ id, tags }) => tags[FLEET_TAG] === fleet.name || ids.instances.includes(id));
      const { subnets, securityGroupIds, warnings } = place;
      const names = new Map([...(image ? [image] : []), ...earlier].map((one: SeenImage) => [one.id, one.name]));
      const group =
        fleet.engine === 'autoscaling'
          ? await lookAtGroup(cloud, fleet.name, names).catch((error: unknown) => findings.keep(asFault(error)))
          : undefined;
      const seen: FleetSeen = {
        image: image ?? undefined,
        images: new Map([...(image ? [image] : []), ...earlier].map((one: SeenImage) => [one.id, one])),
        instances: new Map(own.map((one) => [one.id, one])),
        ...{ volumes, targetGroups, health: new Map(health), subnets, securityGroupIds, warnings },
        targetGroupArns: meant.flatMap(({ TargetGroupArn }) => TargetGroupArn ?? []),
        ...(group && { group }),
      };
      return [fleet.name, seen];
    }),
  );
  findings.check();
  return { cloud: { kind: cloud.kind, region: cloud.region, account }, fleets: new Map(looked) };
}

const NOWHERE = { subnets: [], vpc: undefined, securityGroupIds: [], warnings: [] };

/** All ids that the state names. */
function idsIn(state: FleetState | undefined) {
  const slots = Object.values(state?.slots ?? {});
  const members = slots.flatMap(({ current, deposed }) => (current ? [current, ...deposed] : deposed));
  const wanted = state?.rollout?.plan.changes.flatMap(({ after }) => after?.targetGroupArns ?? []) ?? [];
  return {
    instances: members.flatMap(({ id }) => id ?? []),
    volumes: slots.flatMap(({ volumes }) => Object.values(volumes)),
    groups: [...new Set([...members.flatMap(({ settings }) => settings.targetGroupArns), ...wanted])],
  };
}

/** Those that a plan may launch of besides the fleet's own. */
function imagesOf(state: FleetState | undefined, goal: Goal): readonly string[] {
  const good = state?.good?.settings.imageId;
  return [...(good === undefined ? [] : [good]), ...(goal.kind === 'release' ? [goal.release.settings.imageId] : [])];
}
