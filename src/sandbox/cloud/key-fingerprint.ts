/** Fingerprints of key pairs, each as EC2 computes it. */

import { createHash, createPrivateKey } from 'node:crypto';
import type { PublicKey } from './public-key.ts';

/** That of an imported key: MD5 of the public key in DER for RSA; for ed25519 OpenSSH's, SHA-256 in Base64. */
export function importedFingerprint({ type, blob, key }: PublicKey): string {
  if (type === 'ed25519') return createHash('sha256').update(blob).digest('base64');
  return pairs(
    createHash('md5')
      .update(key.export({ type: 'spki', format: 'der' }))
      .digest('hex'),
  );
}

/** That of a created key: SHA-1 of the private key in PKCS #8 for RSA; for ed25519 as if it were imported. */
export function createdFingerprint(pub: PublicKey, privateKey: string): string {
  if (pub.type === 'ed25519') return importedFingerprint(pub);
  const der = createPrivateKey(privateKey).export({ type: 'pkcs8', format: 'der' });
  return pairs(createHash('sha1').update(der).digest('hex'));
}

function pairs(hex: string): string {
  return hex.replace(/(..)(?!$)/g, '$1:');
}
