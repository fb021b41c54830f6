/** Regions, availability zones, and what an account may have. */

import type {
  AvailabilityZone,
  DescribeAccountAttributesRequest,
  DescribeAccountAttributesResult,
  DescribeAvailabilityZonesRequest,
  DescribeAvailabilityZonesResult,
  DescribeRegionsRequest,
  DescribeRegionsResult,
} from '@aws-sdk/client-ec2';
import type { Action, Actions } from '../action.ts';
import { filtered } from '../filters.ts';
import { ApiError, invalidValue } from '../protocol/api-error.ts';
import { isRegion, REGION_NAMES, zoneIdOf, zonesOf } from '../regions.ts';

const describeRegions: Action<DescribeRegionsRequest, DescribeRegionsResult> = ({ RegionNames, Filters }) => {
  const wrong = RegionNames?.find((name) => !isRegion(name));
  if (wrong !== undefined) throw invalidValue(wrong, 'region', `Region ${wrong} is invalid.`);
  const regions = (RegionNames ?? REGION_NAMES).map((name) => ({
    RegionName: name,
    Endpoint: `ec2.${name}.amazonaws.com`,
    OptInStatus: 'opt-in-not-required' as const,
  }));
  const found = filtered(regions, Filters, {
    'region-name': ({ RegionName }) => [RegionName],
    endpoint: ({ Endpoint }) => [Endpoint],
    'opt-in-status': ({ OptInStatus }) => [OptInStatus],
  });
  return { Regions: [...found] };
};

const describeZones: Action<DescribeAvailabilityZonesRequest, DescribeAvailabilityZonesResult> = (
  { ZoneNames, ZoneIds, Filters },
  { region },
) => {
  const all = zonesOf(region.name).map((name): AvailabilityZone => zone(region.name, name));
  const wrong =
    ZoneNames?.find((name) => !all.some(({ ZoneName }) => ZoneName === name)) ??
    ZoneIds?.find((id) => !all.some(({ ZoneId }) => ZoneId === id));
  if (wrong !== undefined) throw invalidValue(wrong, 'availabilityZone', `Invalid availability zone: [${wrong}]`);
  const named = all.filter(
    ({ ZoneName = '', ZoneId = '' }) => (ZoneNames?.includes(ZoneName) ?? true) && (ZoneIds?.includes(ZoneId) ?? true),
  );
  const found = filtered(named, Filters, {
    'zone-name': ({ ZoneName }) => [ZoneName],
    'zone-id': ({ ZoneId }) => [ZoneId],
    'zone-type': ({ ZoneType }) => [ZoneType],
    'region-name': ({ RegionName }) => [RegionName],
    'group-name': ({ GroupName }) => [GroupName],
    'opt-in-status': ({ OptInStatus }) => [OptInStatus],
    state: ({ State }) => [State],
  });
  return { AvailabilityZones: [...found] };
};

function zone(region: string, name: string): AvailabilityZone {
  return {
    ZoneName: name,
    ZoneId: zoneIdOf(region, name),
    ZoneType: 'availability-zone',
    RegionName: region,
    GroupName: region,
    NetworkBorderGroup: region,
    OptInStatus: 'opt-in-not-required',
    State: 'available',
    Messages: [],
  };
}

/** As a new account has them; `default-vpc` is the region's. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  'supported-platforms': 'VPC',
  'default-vpc': 'none',
  'max-instances': '20',
  'vpc-max-security-groups-per-interface': '5',
  'max-elastic-ips': '5',
  'vpc-max-elastic-ips': '5',
};

const describeAccountAttributes: Action<DescribeAccountAttributesRequest, DescribeAccountAttributesResult> = (
  { AttributeNames },
  { region },
) => {
  const wrong = AttributeNames?.find((name) => !Object.hasOwn(ATTRIBUTES, name));
  if (wrong !== undefined) throw new ApiError('InvalidParameterValue', `There is no account attribute ${wrong}`);
  const vpc = region.all('vpcs').find(({ isDefault }) => isDefault);
  const values = vpc === undefined ? ATTRIBUTES : { ...ATTRIBUTES, 'default-vpc': vpc.id };
  const names = AttributeNames ?? Object.keys(values);
  return {
    AccountAttributes: names.map((name) => ({
      AttributeName: name,
      AttributeValues: [{ AttributeValue: values[name] ?? '' }],
    })),
  };
};

export const REGION_ACTIONS: Actions = {
  DescribeRegions: describeRegions,
  DescribeAvailabilityZones: describeZones,
  DescribeAccountAttributes: describeAccountAttributes,
};
