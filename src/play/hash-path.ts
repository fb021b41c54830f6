/** The content of a file or a directory as one SHA-256. */

import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';

const CHUNK = 1024 * 1024;

/**
 * Of a directory: names, contents and whether files are executable, deep; links count as what they lead to. Undefined for
 * what is not there or cannot be read.
 */
export function hashPath(path: string): string | undefined {
  try {
    const stats = statSync(path);
    return stats.isDirectory() ? hashDirectory(path) : hashFile(path, stats);
  } catch {
    return undefined;
  }
}

function hashFile(path: string, stats: Stats): string | undefined {
  if (!stats.isFile()) return undefined;
  const hash = createHash('sha256');
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(Math.min(CHUNK, stats.size + 1));
    for (let count = readSync(file, buffer); count > 0; count = readSync(file, buffer)) {
      hash.update(buffer.subarray(0, count));
    }
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}

function hashDirectory(path: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(path).sort()) {
    const inside = join(path, name);
    const stats = statSync(inside, { throwIfNoEntry: false });
    const kind = stats?.isDirectory() ? 'd' : stats && (stats.mode & 0o111) !== 0 ? 'x' : 'f';
    hash.update(`${kind} ${JSON.stringify(name)} ${hashPath(inside) ?? ''}\n`);
  }
  return hash.digest('hex');
}
