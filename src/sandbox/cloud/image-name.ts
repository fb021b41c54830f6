import { ApiError, missingParameter } from './protocol/api-error.ts';
import type { Region } from './region.ts';
import { ACCOUNT } from './state.ts';

/** A name that an image may have; throws the ApiErrors `MissingParameter` and `InvalidAMIName.Malformed`. */
export function imageName(name: string | undefined): string {
  if (name === undefined || name === '') throw missingParameter('name');
  if (/^[\w()[\] ./'@-]{3,128}$/.test(name)) return name;
  throw new ApiError(
    'InvalidAMIName.Malformed',
    `AMI names must be between 3 and 128 characters long, and may contain letters, numbers, '(', ')', '.', '-', '/' and '_'`,
  );
}

/** The name, if the account has no image with it; throws the ApiError `InvalidAMIName.Duplicate`. */
export function freeImageName(region: Region, name: string): string {
  const taken = Object.values(region.state.images).find((image) => image.owner === ACCOUNT && image.name === name);
  if (taken === undefined) return name;
  throw new ApiError('InvalidAMIName.Duplicate', `AMI name ${name} is already in use by AMI ${taken.id}`);
}
