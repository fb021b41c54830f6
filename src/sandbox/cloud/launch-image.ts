import { visibleImage } from './find-image.ts';
import type { ImageRecord } from './image-record.ts';
import { ApiError, missingParameter } from './protocol/api-error.ts';
import type { Region } from './region.ts';

/** The image, if it can be launched; throws the ApiErrors `InvalidAMIID.…`. */
export function launchImage(region: Region, id: string | undefined): ImageRecord {
  if (id === undefined || id === '') throw missingParameter('ImageId');
  const image = visibleImage(region, id);
  if (image.state === 'available' && !image.disabled) return image;
  const state = image.disabled ? 'disabled' : image.state;
  throw new ApiError('InvalidAMIID.Unavailable', `The image ID '${id}' is not available: it is ${state}`);
}
