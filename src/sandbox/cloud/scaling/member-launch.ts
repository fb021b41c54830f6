/** What a group launches: the records of one more instance, in the zone that has the fewest. */

import type { RequestLaunchTemplateData, RunInstancesRequest } from '@aws-sdk/client-ec2';
import type { Context } from '../action.ts';
import { findTemplate, findVersion } from '../find-template.ts';
import { type Launch, launches } from '../launch.ts';
import { launchRequest } from '../launch-request.ts';
import { launchTemplateData, launchTemplateTags } from '../launch-template-data.ts';
import { ApiError } from '../protocol/api-error.ts';
import type { Region } from '../region.ts';
import type { RegionState } from '../state.ts';
import type { ScalingGroupRecord, TemplateChoice } from './group-record.ts';
import { isCounted } from './members.ts';

/** By this tag an instance says whose it is. */
export const GROUP_TAG = 'aws:autoscaling:groupName';

export interface MemberLaunch {
  readonly launch: Launch;
  /** With the number of the version. */
  readonly template: TemplateChoice;
}

/** `taken` are numbers of machines that no record has. Throws ApiErrors. */
export function memberLaunch(
  context: Context,
  group: ScalingGroupRecord,
  choice: TemplateChoice,
  taken: ReadonlySet<number>,
): MemberLaunch {
  const template = resolvedTemplate(context.region, choice);
  const specification = { LaunchTemplateId: template.id, Version: template.version };
  const data = launchTemplateData(context, specification);
  const tags = { ...launchTemplateTags(context, specification), [GROUP_TAG]: group.name };
  const full: unknown[] = [];
  for (const place of placesOf(context.region.state, group)) {
    const request = launchRequest(callFor(group, data, place), data);
    try {
      const [launch] = launches(context, request, { least: 1, most: 1 }, { taken, token: undefined, tags });
      if (launch !== undefined) return { launch, template };
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'InsufficientFreeAddressesInSubnet') throw error;
      full.push(error);
    }
  }
  throw full[0] ?? new ApiError('ValidationError', 'The group has no place to launch in.');
}

/** The version as a number. Throws ApiErrors. */
export function resolvedTemplate(region: Region, { id, version }: TemplateChoice): TemplateChoice {
  const template = findTemplate(region, { LaunchTemplateId: id });
  return { id: template.id, name: template.name, version: String(findVersion(template, version).number) };
}

interface Place {
  readonly zone: string;
  readonly subnetId?: string;
}

/** The best first: zones with the fewest instances of the group, in them subnets with the fewest. */
function placesOf(state: RegionState, { subnetIds, zones, members }: ScalingGroupRecord): readonly Place[] {
  const places: readonly Place[] =
    subnetIds.length === 0
      ? zones.map((zone) => ({ zone }))
      : subnetIds.flatMap((subnetId) => {
          const zone = state.subnets[subnetId]?.zone;
          return zone === undefined ? [] : [{ zone, subnetId }];
        });
  const counted = members.filter(isCounted);
  const inZone = (zone: string) => counted.filter((member) => member.zone === zone).length;
  const inSubnet = (id: string | undefined) =>
    counted.filter(({ instanceId }) => state.instances[instanceId]?.subnetId === id).length;
  return [...places].sort((a, b) => inZone(a.zone) - inZone(b.zone) || inSubnet(a.subnetId) - inSubnet(b.subnetId));
}

/** What the group says of a launch goes before what its template says. */
function callFor(
  { tags, propagated }: ScalingGroupRecord,
  { NetworkInterfaces = [] }: RequestLaunchTemplateData,
  { zone, subnetId }: Place,
): RunInstancesRequest {
  const Tags = propagated.map((Key) => ({ Key, Value: tags[Key] ?? '' }));
  const [primary, ...others] = NetworkInterfaces;
  const where =
    subnetId === undefined
      ? { Placement: { AvailabilityZone: zone } }
      : primary === undefined
        ? { SubnetId: subnetId }
        : { NetworkInterfaces: [{ ...primary, SubnetId: subnetId }, ...others] };
  return {
    MinCount: 1,
    MaxCount: 1,
    ...where,
    ...(Tags.length === 0 ? {} : { TagSpecifications: [{ ResourceType: 'instance', Tags }] }),
  };
}
