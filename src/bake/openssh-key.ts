/** An ed25519 key pair in OpenSSH's own format (PROTOCOL.key of OpenSSH): Node writes PKCS #8 only, which sshd does not read. */

import { generateKeyPairSync, randomBytes } from 'node:crypto';

export interface KeyPair {
  /** PEM, unencrypted. */
  readonly private: string;
  /** `ssh-ed25519 AAAA…`. */
  readonly public: string;
}

const KIND = 'ssh-ed25519';
/** The cipher's block, to which the private part is padded; 8 where there is no cipher. */
const BLOCK = 8;

export function newKeyPair(comment: string): KeyPair {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { d = '', x = '' } = privateKey.export({ format: 'jwk' });
  const seed = Buffer.from(d, 'base64url');
  const point = Buffer.from(x, 'base64url');
  const blob = Buffer.concat([field(KIND), field(point)]);
  const check = randomBytes(4);
  const secret = padded([check, check, field(KIND), field(point), field(Buffer.concat([seed, point])), field(comment)]);
  const none = [field('none'), field('none'), field('')];
  const whole = Buffer.concat([Buffer.from('openssh-key-v1\0'), ...none, number(1), field(blob), field(secret)]);
  const lines = whole.toString('base64').match(/.{1,70}/g) ?? [];
  return {
    private: ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n'),
    public: `${KIND} ${blob.toString('base64')}`,
  };
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function field(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([number(bytes.length), bytes]);
}

/** Padding counts up: 1, 2, 3 … */
function padded(parts: readonly Buffer[]): Buffer {
  const whole = Buffer.concat(parts);
  const missing = (BLOCK - (whole.length % BLOCK)) % BLOCK;
  return Buffer.concat([whole, Buffer.from(Array.from({ length: missing }, (_, index) => index + 1))]);
}
