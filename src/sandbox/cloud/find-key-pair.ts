import type { KeyPairRecord } from './key-pair-record.ts';
import { ApiError } from './protocol/api-error.ts';
import type { Region } from './region.ts';

/** Throws the ApiError `InvalidKeyPair.NotFound`. */
export function findKeyPair(region: Region, name: string): KeyPairRecord {
  const found = region.all('keyPairs').find((pair) => pair.name === name && region.state.keyPairs[pair.id]);
  if (found !== undefined) return found;
  throw new ApiError('InvalidKeyPair.NotFound', `The key pair '${name}' does not exist`);
}
