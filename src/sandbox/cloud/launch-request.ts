/** What a launch asks for, the same whether the call says it or a launch template. */

import type {
  BlockDeviceMapping,
  IamInstanceProfileSpecification,
  InstanceMetadataOptionsRequest,
  RequestLaunchTemplateData,
  RunInstancesRequest,
  TagSpecification,
} from '@aws-sdk/client-ec2';
import { ApiError } from './protocol/api-error.ts';

export interface LaunchRequest {
  readonly imageId: string | undefined;
  readonly type: string | undefined;
  readonly keyName: string | undefined;
  readonly subnetId: string | undefined;
  readonly privateIp: string | undefined;
  readonly zone: string | undefined;
  readonly groupIds: readonly string[];
  readonly groupNames: readonly string[];
  /** As the call or the network interface says it. */
  readonly publicIp: boolean | undefined;
  readonly userData: string | undefined;
  readonly metadata: InstanceMetadataOptionsRequest;
  readonly mappings: readonly BlockDeviceMapping[];
  readonly profile: IamInstanceProfileSpecification | undefined;
  readonly onShutdown: string | undefined;
  readonly keepFromTermination: boolean;
  readonly keepFromStop: boolean;
  readonly monitored: boolean;
  readonly ebsOptimized: boolean;
  readonly credits: string | undefined;
  readonly tags: readonly TagSpecification[];
}

type Asked = Omit<RunInstancesRequest, keyof RequestLaunchTemplateData> & RequestLaunchTemplateData;

/** What a call says goes before what the template says, parameter by parameter. Throws ApiErrors. */
export function launchRequest(call: RunInstancesRequest, template: RequestLaunchTemplateData = {}): LaunchRequest {
  const asked: Asked = { ...template, ...withoutNothing(call) };
  refuseTheRest(asked);
  const primary = primaryInterface(asked);
  return {
    imageId: asked.ImageId,
    type: asked.InstanceType,
    keyName: asked.KeyName,
    subnetId: text(primary?.SubnetId) ?? asked.SubnetId,
    privateIp: text(primary?.PrivateIpAddress) ?? primaryAddress(primary?.PrivateIpAddresses) ?? asked.PrivateIpAddress,
    zone: text(asked.Placement?.AvailabilityZone),
    groupIds: primary?.Groups ?? asked.SecurityGroupIds ?? [],
    groupNames: asked.SecurityGroups ?? [],
    publicIp: primary?.AssociatePublicIpAddress,
    userData: asked.UserData,
    metadata: asked.MetadataOptions ?? {},
    mappings: asked.BlockDeviceMappings ?? [],
    profile: asked.IamInstanceProfile,
    onShutdown: asked.InstanceInitiatedShutdownBehavior,
    keepFromTermination: asked.DisableApiTermination ?? false,
    keepFromStop: asked.DisableApiStop ?? false,
    monitored: asked.Monitoring?.Enabled ?? false,
    ebsOptimized: asked.EbsOptimized ?? false,
    credits: asked.CreditSpecification?.CpuCredits,
    tags: [...mergedTags(template.TagSpecifications ?? [], call.TagSpecifications ?? [])],
  };
}

/** Clients send what they do not want as an empty text. */
function text(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

function withoutNothing(call: RunInstancesRequest): RunInstancesRequest {
  const given = Object.entries(call).filter(
    ([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0),
  );
  return { MinCount: call.MinCount, MaxCount: call.MaxCount, ...Object.fromEntries(given) };
}

/** Tags of one type of resource are joined; the call's go before those of the template. */
function mergedTags(
  template: readonly TagSpecification[],
  call: readonly TagSpecification[],
): readonly TagSpecification[] {
  const own = new Set(call.flatMap(({ ResourceType, Tags = [] }) => Tags.map(({ Key }) => `${ResourceType} ${Key}`)));
  const kept = template.map(({ ResourceType, Tags = [] }) => ({
    ResourceType,
    Tags: Tags.filter(({ Key }) => !own.has(`${ResourceType} ${Key}`)),
  }));
  return [...kept, ...call];
}

function primaryInterface({ NetworkInterfaces = [], SecurityGroupIds, SecurityGroups, SubnetId }: Asked) {
  if (NetworkInterfaces.length === 0) return undefined;
  if (SubnetId !== undefined || (SecurityGroupIds ?? SecurityGroups) !== undefined) {
    const message =
      'Network interfaces and an instance-level subnet ID or security groups may not be specified on the same request';
    throw new ApiError('InvalidParameterCombination', message);
  }
  const [primary, second] = NetworkInterfaces;
  if (second !== undefined || (primary?.DeviceIndex ?? 0) !== 0) {
    throw new ApiError(
      'UnsupportedOperation',
      'The sandbox gives an instance one network interface, with device index 0.',
    );
  }
  if (primary?.NetworkInterfaceId !== undefined) {
    throw new ApiError('UnsupportedOperation', 'The sandbox has no network interfaces without an instance.');
  }
  return primary;
}

function primaryAddress(
  addresses: readonly { readonly Primary?: boolean | undefined; readonly PrivateIpAddress?: string | undefined }[] = [],
): string | undefined {
  return addresses.find(({ Primary }) => Primary === true)?.PrivateIpAddress;
}

const TAKEN = new Set(
  [
    'ImageId InstanceType KeyName MinCount MaxCount SubnetId PrivateIpAddress SecurityGroupIds SecurityGroups UserData',
    'NetworkInterfaces MetadataOptions BlockDeviceMappings IamInstanceProfile InstanceInitiatedShutdownBehavior Placement',
    'DisableApiTermination DisableApiStop Monitoring EbsOptimized CreditSpecification TagSpecifications LaunchTemplate',
    'ClientToken DryRun CpuOptions AdditionalInfo',
  ].flatMap((line) => line.split(' ')),
);

/** What may be said where it says what is so anyway. */
const PLAIN: Readonly<Record<string, (value: object) => boolean>> = {
  EnclaveOptions: (value) => !('Enabled' in value) || value.Enabled !== true,
  HibernationOptions: (value) => !('Configured' in value) || value.Configured !== true,
  MaintenanceOptions: () => true,
  CapacityReservationSpecification: (value) => !('CapacityReservationTarget' in value),
  PrivateDnsNameOptions: (value) => !('HostnameType' in value) || value.HostnameType === 'ip-name',
};

/** A client must not think that it got what the sandbox does not have. */
function refuseTheRest(asked: Asked): void {
  for (const [name, value] of Object.entries(asked)) {
    if (TAKEN.has(name) || value === undefined || value === false || value === 0 || value === '') continue;
    if (Array.isArray(value) && value.length === 0) continue;
    if (typeof value === 'object' && value !== null && PLAIN[name]?.(value) === true) continue;
    throw new ApiError('UnsupportedOperation', `The sandbox does not have the parameter ${name} of a launch.`);
  }
  const { AvailabilityZone: _, Tenancy, ...placement } = asked.Placement ?? {};
  const other = Object.entries(placement).find(([, value]) => value !== undefined && value !== '');
  if (other !== undefined || (Tenancy ?? 'default') !== 'default') {
    throw new ApiError(
      'UnsupportedOperation',
      `The sandbox does not have Placement.${other?.[0] ?? 'Tenancy'} of a launch.`,
    );
  }
}
