/** Images and snapshots as their users may see them: their own, public ones, and those shared with their account. */

import { DISTRIBUTOR } from './base-images.ts';
import type { ImageRecord, SnapshotRecord } from './image-record.ts';
import { ApiError } from './protocol/api-error.ts';
import type { Region } from './region.ts';
import { notFound } from './resource-ids.ts';
import { ACCOUNT } from './state.ts';

export function maySee(account: string, owner: string, shared: readonly string[]): boolean {
  return owner === account || shared.includes('all') || shared.includes(account);
}

/** The image, if the account may launch it; throws the ApiErrors `InvalidAMIID.…`. */
export function visibleImage(region: Region, id: string): ImageRecord {
  const image = region.find('images', id);
  if (maySee(ACCOUNT, image.owner, image.launchPermissions)) return image;
  throw notFound('images', [id]);
}

/** The image, if it is the account's own: only then it may be changed. */
export function ownImage(region: Region, id: string): ImageRecord {
  const image = visibleImage(region, id);
  if (image.owner === ACCOUNT) return image;
  throw notAllowed(`image ${id}`);
}

export function visibleSnapshot(region: Region, id: string): SnapshotRecord {
  const snapshot = region.find('snapshots', id);
  if (maySee(ACCOUNT, snapshot.owner, snapshot.createPermissions)) return snapshot;
  throw notFound('snapshots', [id]);
}

export function ownSnapshot(region: Region, id: string): SnapshotRecord {
  const snapshot = visibleSnapshot(region, id);
  if (snapshot.owner === ACCOUNT) return snapshot;
  throw notAllowed(`snapshot ${id}`);
}

/** What owner names in requests stand for: `self`, an alias, or an account. */
export function ownsAs(owner: string, wanted: string): boolean {
  return (
    owner === wanted ||
    (wanted === 'self' && owner === ACCOUNT) ||
    (owner === DISTRIBUTOR.account && wanted === DISTRIBUTOR.alias)
  );
}

function notAllowed(what: string): ApiError {
  return new ApiError('AuthFailure', `Not authorized for ${what}`, 403);
}
