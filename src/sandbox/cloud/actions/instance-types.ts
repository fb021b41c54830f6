/** Instance types, and where they can be had: everywhere. */

import type {
  DescribeInstanceTypeOfferingsRequest,
  DescribeInstanceTypesRequest,
  InstanceTypeInfo,
  InstanceTypeOffering,
} from '@aws-sdk/client-ec2';
import type { Action, Actions } from '../action.ts';
import { type Facets, filtered } from '../filters.ts';
import { INSTANCE_TYPES, type InstanceTypeSpec, instanceTypeNamed } from '../instance-types.ts';
import { paginate } from '../paginate.ts';
import { ApiError } from '../protocol/api-error.ts';
import { zoneIdOf, zonesOf } from '../regions.ts';

/** The SDK's type lists the names that it knows; ours are of a table. */
type Shown<T> = Omit<T, 'InstanceType'> & { readonly InstanceType: string };

interface Types {
  readonly InstanceTypes: readonly Shown<InstanceTypeInfo>[];
  readonly NextToken: string | undefined;
}

const describeTypes: Action<DescribeInstanceTypesRequest, Types> = (input) => {
  const { InstanceTypes: names = [] } = input;
  const unknown = names.filter((name) => instanceTypeNamed(name) === undefined);
  if (unknown.length > 0) {
    const message = `The following supplied instance types do not exist: [${unknown.join(', ')}]`;
    throw new ApiError('InvalidInstanceType', message);
  }
  const named = INSTANCE_TYPES.filter(({ name }) => names.length === 0 || names.some((wanted) => wanted === name));
  const { items, next } = paginate(filtered(named, input.Filters, TYPE_FACETS), input.MaxResults, input.NextToken);
  return { InstanceTypes: items.map(shown), NextToken: next };
};

function shown(type: InstanceTypeSpec): Shown<InstanceTypeInfo> {
  const isNitro = type.hypervisor === 'nitro';
  return {
    InstanceType: type.name,
    CurrentGeneration: true,
    FreeTierEligible: type.freeTier,
    SupportedUsageClasses: ['on-demand'],
    SupportedRootDeviceTypes: ['ebs'],
    SupportedVirtualizationTypes: ['hvm'],
    BareMetal: false,
    Hypervisor: type.hypervisor,
    ProcessorInfo: { SupportedArchitectures: [...type.architectures] },
    VCpuInfo: {
      DefaultVCpus: type.vcpus,
      DefaultCores: type.vcpus / type.threadsPerCore,
      DefaultThreadsPerCore: type.threadsPerCore,
    },
    MemoryInfo: { SizeInMiB: type.memoryMiB },
    InstanceStorageSupported: false,
    EbsInfo: {
      EbsOptimizedSupport: isNitro ? 'default' : 'unsupported',
      EncryptionSupport: 'supported',
      NvmeSupport: isNitro ? 'required' : 'unsupported',
    },
    NetworkInfo: { EnaSupport: isNitro ? 'required' : 'unsupported' },
    PlacementGroupInfo: {
      SupportedStrategies: type.burstable ? ['partition', 'spread'] : ['cluster', 'partition', 'spread'],
    },
    HibernationSupported: false,
    BurstablePerformanceSupported: type.burstable,
  };
}

const TYPE_FACETS: Facets<InstanceTypeSpec> = {
  'instance-type': ({ name }) => [name],
  'processor-info.supported-architecture': ({ architectures }) => architectures,
  'burstable-performance-supported': ({ burstable }) => [burstable],
  'free-tier-eligible': ({ freeTier }) => [freeTier],
  'current-generation': () => [true],
  'bare-metal': () => [false],
  'instance-storage-supported': () => [false],
  hypervisor: ({ hypervisor }) => [hypervisor],
  'memory-info.size-in-mib': ({ memoryMiB }) => [memoryMiB],
  'vcpu-info.default-vcpus': ({ vcpus }) => [vcpus],
  'vcpu-info.default-cores': ({ vcpus, threadsPerCore }) => [vcpus / threadsPerCore],
  'supported-root-device-type': () => ['ebs'],
  'supported-usage-class': () => ['on-demand'],
  'supported-virtualization-type': () => ['hvm'],
};

interface Offerings {
  readonly InstanceTypeOfferings: readonly Shown<InstanceTypeOffering>[];
  readonly NextToken: string | undefined;
}

const describeOfferings: Action<DescribeInstanceTypeOfferingsRequest, Offerings> = (input, { region }) => {
  const { LocationType = 'region' } = input;
  const zones = zonesOf(region.name);
  const places: Readonly<Record<string, readonly string[]>> = {
    region: [region.name],
    'availability-zone': zones,
    'availability-zone-id': zones.map((zone) => zoneIdOf(region.name, zone)),
  };
  const all = (places[LocationType] ?? []).flatMap((Location) =>
    INSTANCE_TYPES.map(({ name }) => ({ InstanceType: name, LocationType, Location })),
  );
  const found = filtered(all, input.Filters, {
    'instance-type': ({ InstanceType }) => [InstanceType],
    location: ({ Location }) => [Location],
  });
  const { items, next } = paginate(found, input.MaxResults, input.NextToken);
  return { InstanceTypeOfferings: items, NextToken: next };
};

export const INSTANCE_TYPE_ACTIONS: Actions = {
  DescribeInstanceTypes: describeTypes,
  DescribeInstanceTypeOfferings: describeOfferings,
};
