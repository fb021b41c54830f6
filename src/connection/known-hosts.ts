/** known_hosts files: which keys a host is known by. The format is that of sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT". */

import { createHmac } from 'node:crypto';
import { FileCache } from './file-cache.ts';
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
  const all = await Promise.all(files.map((file) => cache.of(file).catch(() => NOTHING)));
  return all.flatMap(({ named, others }) => {
    const found = [...(named.get(name) ?? []), ...others.filter(({ names }) => isFor(names, name))];
    return found.sort((a, b) => a.line - b.line);
  });
}

/** `host`, or `[host]:port` where the port is not 22. */
export function knownName(host: string, port: number): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
}

interface Line extends KnownKey {
  /** As written: patterns, or one hashed name. */
  readonly names: string;
}

interface KnownHosts {
  /** By each name that stands there as it is. */
  readonly named: ReadonlyMap<string, readonly Line[]>;
  /** With patterns or hashed names: those have to be compared one by one. */
  readonly others: readonly Line[];
}

const NOTHING: KnownHosts = { named: new Map(), others: [] };

const cache = new FileCache((text, file): KnownHosts => {
  const named = new Map<string, Line[]>();
  const others: Line[] = [];
  for (const line of linesOf(text, file)) {
    if (/[*?!|]/.test(line.names)) others.push(line);
    else for (const name of new Set(line.names.toLowerCase().split(','))) append(named, name, line);
  }
  return { named, others };
});

function linesOf(text: string, file: string): Line[] {
  return text.split('\n').flatMap((line, index) => {
    const words = line.trim().split(/\s+/);
    const marker = words[0] === '@revoked' || words[0] === '@cert-authority' ? words[0] : '';
    const [names = '', type = '', key = ''] = marker ? words.slice(1) : words;
    if (names === '' || names.startsWith('#') || key === '') return [];
    return [{ file, line: index + 1, marker, type, key, names }];
  });
}

function append(lines: Map<string, Line[]>, name: string, line: Line): void {
  const there = lines.get(name);
  if (there) there.push(line);
  else lines.set(name, [line]);
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
