/** known_hosts files: which keys a host is known by. The format is that of sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT". */

import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { matchesHost } from './ssh-pattern.ts';

export interface KnownKey {
  readonly file: string;
  /** Counts from 1. */
  readonly line: number;
  readonly marker: '' | '@revoked' | '@cert-authority';
  readonly type: string;
  /** Base64. */
  readonly key: string;
}

/** The keys in the files for a name as `knownName` writes it. Files that are not there hold none. */
export async function readKnownKeys(files: readonly string[], name: string): Promise<readonly KnownKey[]> {
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  return texts.flatMap((text, index) => keysIn(text, files[index]!, name));
}

/** `host`, or `[host]:port` where the port is not 22. */
export function knownName(host: string, port: number): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
}

function keysIn(text: string, file: string, name: string): KnownKey[] {
  return text.split('\n').flatMap((line, index) => {
    const words = line.trim().split(/\s+/);
    const marker = words[0] === '@revoked' || words[0] === '@cert-authority' ? words[0] : '';
    const [names = '', type = '', key = ''] = marker ? words.slice(1) : words;
    if (names === '' || names.startsWith('#') || key === '' || !isFor(names, name)) return [];
    return [{ file, line: index + 1, marker, type, key }];
  });
}

function isFor(names: string, name: string): boolean {
  if (!names.startsWith('|1|')) return matchesHost(name, names.split(','));
  const [, , salt = '', hash = ''] = names.split('|');
  return hashOf(name, Buffer.from(salt, 'base64')) === hash;
}

/** A line for a host, with its name hashed under `salt` when there is one. */
export function knownLine(name: string, type: string, key: string, salt?: Buffer): string {
  const names = salt ? `|1|${salt.toString('base64')}|${hashOf(name, salt)}` : name;
  return `${names} ${type} ${key}`;
}

function hashOf(name: string, salt: Buffer): string {
  return createHmac('sha1', salt).update(name).digest('base64');
}
