/** Private key files: what is in them, and why one cannot be used. */

import { readFile } from 'node:fs/promises';
import type { ParsedKey, utils } from 'ssh2';
import { FileCache } from './file-cache.ts';
import { loadSsh2 } from './load-ssh2.ts';

export type PrivateKey = Usable | Unusable;

export interface Usable {
  readonly path: string;
  readonly key: ParsedKey;
  /** The public key as it goes over the wire. */
  readonly public: Buffer;
}

export interface Unusable {
  readonly path: string;
  readonly problem: 'missing' | 'unreadable' | 'encrypted' | 'wrong passphrase' | 'invalid' | 'security key';
  readonly detail: string;
  /** Known for encrypted keys too, so that an agent that holds the key can be asked. */
  readonly public: Buffer | undefined;
}

interface KeyFile {
  readonly text: string;
  /** By passphrases: to decrypt a key takes a while on purpose. */
  readonly parsed: Map<string | undefined, ReturnType<typeof utils.parseKey>>;
}

const files = new FileCache((text): KeyFile => ({ text, parsed: new Map() }));

export async function readPrivateKey(path: string, passphrase: string | undefined): Promise<PrivateKey> {
  const { utils } = await loadSsh2();
  let file: KeyFile;
  try {
    file = await files.of(path);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const beside = await publicKeyBeside(path);
    return unusable(path, missing ? 'missing' : 'unreadable', String(error), beside);
  }
  const { parsed, text } = file;
  const outside = publicPart(text) ?? (await publicKeyBeside(path));
  if (outside && isSecurityKey(outside)) return unusable(path, 'security key', '', outside);
  const key = parsed.get(passphrase) ?? utils.parseKey(text, passphrase);
  parsed.set(passphrase, key);
  if (!(key instanceof Error)) {
    const one: ParsedKey = Array.isArray(key) ? key[0] : key;
    if (!one.isPrivateKey()) return unusable(path, 'invalid', 'it is a public key', one.getPublicSSH());
    return { path, key: one, public: one.getPublicSSH() };
  }
  const encrypted = /no passphrase|passphrase given|encrypted/i.test(key.message) && passphrase === undefined;
  const wrong = /bad passphrase|integrity|decrypt/i.test(key.message);
  const problem = encrypted ? 'encrypted' : wrong && passphrase !== undefined ? 'wrong passphrase' : 'invalid';
  return unusable(path, problem, key.message, outside);
}

/** Of a file in OpenSSH's own format, which holds the public key in the clear; undefined for others. */
function publicPart(text: string): Buffer | undefined {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([^-]+)-----END/.exec(text)?.[1];
  const bytes = body === undefined ? undefined : Buffer.from(body, 'base64');
  if (bytes?.toString('latin1', 0, 15) !== 'openssh-key-v1\0') return undefined;
  try {
    let at = 15;
    // Cipher, key derivation and its options stand before the number of keys.
    for (let field = 0; field < 3; field++) at += 4 + bytes.readUInt32BE(at);
    at += 4;
    return bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at));
  } catch {
    return undefined;
  }
}

async function publicKeyBeside(path: string): Promise<Buffer | undefined> {
  const text = await readFile(`${path}.pub`, 'utf8').catch(() => '');
  const base64 = text.trim().split(/\s+/)[1];
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64');
}

function isSecurityKey(key: Buffer): boolean {
  return key.length > 4 && key.toString('latin1', 4, 7) === 'sk-';
}

function unusable(path: string, problem: Unusable['problem'], detail: string, key: Buffer | undefined): Unusable {
  return { path, problem, detail, public: key };
}
