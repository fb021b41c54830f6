/** The types that volumes have, with what EC2 allows for each. */

import type { VolumeType } from '@aws-sdk/client-ec2';
import { ApiError, invalidValue } from './protocol/api-error.ts';

interface Limits {
  /** The least and the most GiB. */
  readonly size: readonly [number, number];
  readonly iops?: readonly [number, number];
  /** What a gp3 volume has without being asked. */
  readonly baseline?: { readonly iops: number; readonly throughput: number };
}

const TYPES: Readonly<Record<VolumeType, Limits>> = {
  standard: { size: [1, 1024] },
  gp2: { size: [1, 16_384] },
  gp3: { size: [1, 65_536], iops: [3000, 80_000], baseline: { iops: 3000, throughput: 125 } },
  io1: { size: [4, 16_384], iops: [100, 64_000] },
  io2: { size: [4, 65_536], iops: [100, 256_000] },
  st1: { size: [125, 16_384] },
  sc1: { size: [125, 16_384] },
};

export interface VolumeShape {
  readonly type: string;
  readonly size: number;
  readonly iops?: number | undefined;
  readonly throughput?: number | undefined;
}

/** The shape with what EC2 adds; throws the ApiErrors `UnknownVolumeType`, `InvalidParameterValue` and `InvalidParameterCombination`. */
export function volumeShape({ type, size, iops, throughput }: VolumeShape): VolumeShape {
  const limits = TYPES[volumeType(type)];
  const [least, most] = limits.size;
  if (!Number.isInteger(size) || size < least || size > most) {
    throw invalidValue(String(size), 'size', `A volume of type ${type} has ${least} to ${most} GiB.`);
  }
  if (iops !== undefined && limits.iops === undefined) {
    throw new ApiError('InvalidParameterCombination', `The parameter iops is not supported for ${type} volumes.`);
  }
  if (iops !== undefined && limits.iops !== undefined && (iops < limits.iops[0] || iops > limits.iops[1])) {
    throw invalidValue(String(iops), 'iops', `A volume of type ${type} has ${limits.iops.join(' to ')} IOPS.`);
  }
  if (iops === undefined && (type === 'io1' || type === 'io2')) {
    throw new ApiError('MissingParameter', `The parameter iops must be specified for ${type} volumes.`);
  }
  if (throughput !== undefined && type !== 'gp3') {
    throw new ApiError('InvalidParameterCombination', `The parameter throughput is not supported for ${type} volumes.`);
  }
  const baseline = type === 'gp2' ? { iops: Math.min(16_000, Math.max(100, size * 3)) } : limits.baseline;
  const known = Object.fromEntries(Object.entries({ iops, throughput }).filter(([, value]) => value !== undefined));
  return { type, size, ...baseline, ...known };
}

/** The type as the SDK spells it. */
export function volumeType(type: string): VolumeType {
  for (const known of Object.keys(TYPES)) if (known === type && isType(known)) return known;
  throw new ApiError('UnknownVolumeType', `Unsupported volume type '${type}' for volume creation.`);
}

function isType(name: string): name is VolumeType {
  return Object.hasOwn(TYPES, name);
}
