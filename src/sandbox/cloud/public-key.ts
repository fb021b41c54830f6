/** Public keys that a client brings. */

import { createPublicKey, type KeyObject } from 'node:crypto';
import { loadSsh2 } from '../../connection/load-ssh2.ts';
import { ApiError } from './protocol/api-error.ts';

export interface PublicKey {
  readonly type: 'rsa' | 'ed25519';
  /** As in authorized_keys, without options and comment. */
  readonly line: string;
  /** In the wire format of SSH. */
  readonly blob: Buffer;
  readonly key: KeyObject;
}

const TYPES = { 'ssh-rsa': 'rsa', 'ssh-ed25519': 'ed25519' } as const;

/** Reads a key of OpenSSH's or RFC 4716's form. Throws the ApiError `InvalidKey.Format`. */
export async function parsePublicKey(text: string): Promise<PublicKey> {
  const { utils } = await loadSsh2();
  const parsed = utils.parseKey(text.trim());
  if (parsed instanceof Error || Array.isArray(parsed) || parsed.isPrivateKey()) throw wrong();
  const { type } = parsed;
  if (type !== 'ssh-rsa' && type !== 'ssh-ed25519') throw wrong();
  const blob = parsed.getPublicSSH();
  const key = createPublicKey(parsed.getPublicPEM());
  return { type: TYPES[type], line: `${type} ${blob.toString('base64')}`, blob, key };
}

function wrong(): ApiError {
  return new ApiError('InvalidKey.Format', 'Key is not in valid OpenSSH public key format');
}
