import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../run.ts';

export interface MadeKeyPair {
  /** RSA as PEM, ed25519 as OpenSSH writes it. */
  readonly privateKey: string;
  /** OpenSSH's line. */
  readonly publicKey: string;
}

/** A new key pair, without a passphrase; RSA has 2048 bits, as EC2's has. */
export async function makeKeyPair(type: 'rsa' | 'ed25519', comment: string): Promise<MadeKeyPair> {
  const folder = await mkdtemp(join(tmpdir(), 'playbake-key-'));
  const file = join(folder, 'key');
  const kind = type === 'rsa' ? ['-t', 'rsa', '-b', '2048', '-m', 'PEM'] : ['-t', 'ed25519'];
  try {
    await run(['ssh-keygen', '-q', '-N', '', '-C', comment, ...kind, '-f', file]);
    const [privateKey, publicKey] = await Promise.all([readFile(file, 'utf8'), readFile(`${file}.pub`, 'utf8')]);
    return { privateKey, publicKey };
  } finally {
    await rm(folder, { recursive: true });
  }
}
