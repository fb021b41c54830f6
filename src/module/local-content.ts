/** What is in a file of the control machine, as the content of a `put`. */

import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { Fault } from '../fault.ts';
import type { Bytes } from '../shell/bytes.ts';
import { INLINE_LIMIT } from '../shell/compile.ts';

/** A large file is read only while it is sent, piece by piece. Throws what `readFileSync` throws when it cannot be read. */
export function localContent(path: string): Bytes {
  const { size } = statSync(path);
  if (size <= INLINE_LIMIT) return readFileSync(path);
  closeSync(openSync(path, 'r'));
  return new LocalFile(path, size);
}

class LocalFile implements Bytes {
  readonly length: number;
  readonly #path: string;

  constructor(path: string, length: number) {
    this.#path = path;
    this.length = length;
  }

  /** Throws `file-unreadable`, also when the file has become shorter. */
  subarray(start: number, end: number): Uint8Array {
    const bytes = Buffer.allocUnsafe(end - start);
    let filled = 0;
    try {
      const file = openSync(this.#path, 'r');
      try {
        for (let count = 1; count > 0 && filled < bytes.length; filled += count) {
          count = readSync(file, bytes, filled, bytes.length - filled, start + filled);
        }
      } finally {
        closeSync(file);
      }
    } catch (cause) {
      throw this.#unreadable(cause instanceof Error ? cause.message : String(cause), cause);
    }
    if (filled < bytes.length) throw this.#unreadable('it has become shorter while it was read');
    return bytes;
  }

  #unreadable(why: string, cause?: unknown): Fault {
    return new Fault('file-unreadable', `${this.#path} cannot be read: ${why}`, {
      where: { file: this.#path },
      hint: 'see who else writes or removes it during the run',
      cause,
    });
  }
}
