import type { Resource } from './state.ts';

export interface KeyPairRecord extends Resource {
  /** One in a region has it. */
  readonly name: string;
  readonly type: 'rsa' | 'ed25519';
  /** As EC2 computes it, see key-fingerprint.ts. */
  readonly fingerprint: string;
  /** A line for authorized_keys, with the name as its comment. */
  readonly publicKey: string;
}
