import type { Read } from '../../play/reads.ts';
import { digest } from './digest.ts';
import type { ReadPrint } from './fingerprint.ts';
import type { Places } from './places.ts';

/** @param host whose it is; undefined for the build machine. */
export function printRead(read: Read, places: Places, host?: string): ReadPrint {
  const owner = host === undefined ? {} : { host };
  switch (read.kind) {
    case 'variable': {
      const value = read.value === undefined ? null : digest(places.placeless(read.value));
      const role = read.role === undefined ? {} : { role: read.role };
      return { kind: 'variable', name: read.name, digest: value, play: read.play, ...role, ...owner };
    }
    case 'fact':
      return { kind: 'fact', name: read.name, digest: digest(read.value), ...owner };
    case 'file':
      return { kind: 'file', name: places.name(read.path), digest: read.sha256 ?? null };
    case 'glob':
      return { kind: 'glob', name: places.name(read.path), digest: digest([...read.found].sort()) };
    case 'environment':
      return { kind: 'environment', name: read.name, digest: read.value === undefined ? null : digest(read.value) };
    case 'command': {
      const directory = read.directory === undefined ? {} : { directory: places.name(read.directory) };
      return { kind: 'command', name: read.command, digest: digest(places.placeless(read.output)), ...directory };
    }
  }
}

/** What tells one read from another. */
export function readKey({ kind, name, host, play, role, directory }: ReadPrint): string {
  return JSON.stringify([kind, name, host, play, role, directory]);
}
