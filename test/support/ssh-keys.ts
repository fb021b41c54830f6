/** Key pairs for tests, made by ssh2 so that no ssh-keygen is needed. */

import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import ssh2 from 'ssh2';

export interface KeyFile {
  /** Of the private key; the public one is beside it with `.pub`. */
  readonly path: string;
  /** `TYPE BASE64`. */
  readonly public: string;
}

export interface KeyOptions {
  readonly type?: 'ed25519' | 'rsa' | 'ecdsa';
  readonly passphrase?: string;
  /** Without a public key beside it. */
  readonly alone?: boolean;
}

export async function makeKey(directory: string, name: string, options: KeyOptions = {}): Promise<KeyFile> {
  const { alone = false, passphrase, type = 'ed25519' } = options;
  const encryption = passphrase === undefined ? { comment: name } : { passphrase, cipher: 'aes256-ctr', rounds: 4 };
  const pair = pairOf(type, encryption);
  const path = join(directory, name);
  await writeFile(path, pair.private);
  await chmod(path, 0o600);
  if (!alone) await writeFile(`${path}.pub`, `${pair.public}\n`);
  return { path, public: pair.public.trim().split(' ').slice(0, 2).join(' ') };
}

type Encryption = { comment: string } | { passphrase: string; cipher: string; rounds: number };

/** ssh2 1.17 writes a broken ed25519 key now and then. */
function pairOf(type: NonNullable<KeyOptions['type']>, encryption: Encryption) {
  for (;;) {
    const pair = generate(type, encryption);
    const passphrase = 'passphrase' in encryption ? encryption.passphrase : undefined;
    if (!(ssh2.utils.parseKey(pair.private, passphrase) instanceof Error)) return pair;
  }
}

function generate(type: NonNullable<KeyOptions['type']>, encryption: Encryption) {
  if (type === 'ed25519') return ssh2.utils.generateKeyPairSync(type, encryption);
  if (type === 'rsa') return ssh2.utils.generateKeyPairSync(type, { bits: 2048, ...encryption });
  return ssh2.utils.generateKeyPairSync(type, { bits: 256, ...encryption });
}
