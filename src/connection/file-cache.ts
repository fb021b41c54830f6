/** What is read from files, read anew only when they have changed: a thousand hosts share keys and known_hosts files. */

import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

interface Kept<T> {
  readonly stamp: string;
  readonly content: Promise<T>;
}

export class FileCache<T> {
  readonly #parse: (text: string, path: string) => T;
  readonly #kept = new Map<string, Kept<T>>();

  constructor(parse: (text: string, path: string) => T) {
    this.#parse = parse;
  }

  /** Rejects as `readFile` does. What it gives is shared. */
  of(path: string): Promise<T> {
    const stamp = stampOf(path);
    const kept = this.#kept.get(path);
    if (kept && kept.stamp === stamp) return kept.content;
    const content = readFile(path, 'utf8').then((text) => this.#parse(text, path));
    content.catch(() => undefined);
    if (stamp !== undefined) this.#kept.set(path, { stamp, content });
    return content;
  }
}

/** Changes with the file, also when it comes or goes; undefined for what is no file, or cannot be looked at. */
function stampOf(path: string): string | undefined {
  try {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (!stats) return 'missing';
    return stats.isFile() ? `${stats.dev} ${stats.ino} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs}` : undefined;
  } catch {
    return undefined;
  }
}
