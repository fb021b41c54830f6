import { createHash } from 'node:crypto';
import { type Bytes, digestOf } from '../../src/module/module.ts';

/** SHA-1 and MD5 of a content, in the one pass in which it is sent where it is sent piece by piece, else when asked for. */
export class Digests {
  readonly #content: string | Bytes;
  readonly #running = { sha1: createHash('sha1'), md5: createHash('md5') };
  #taken = 0;

  constructor(content: string | Bytes) {
    this.#content = content;
  }

  /** The next piece. */
  readonly take = (piece: Uint8Array): void => {
    this.#taken += piece.length;
    this.#running.sha1.update(piece);
    this.#running.md5.update(piece);
  };

  get sha1(): string {
    return this.#of('sha1');
  }

  get md5(): string {
    return this.#of('md5');
  }

  /** What was not sent, or begun twice, is taken as a whole. */
  #of(kind: 'sha1' | 'md5'): string {
    const length = typeof this.#content === 'string' ? Buffer.byteLength(this.#content) : this.#content.length;
    const whole = this.#taken > 0 && this.#taken === length;
    return whole ? this.#running[kind].copy().digest('hex') : digestOf(kind, this.#content);
  }
}
