import { createHash } from 'node:crypto';

/** SHA-1 and MD5 of a content, in the one pass in which it is sent where it is sent piece by piece, else when asked for. */
export class Digests {
  readonly #content: string | Uint8Array;
  readonly #running = { sha1: createHash('sha1'), md5: createHash('md5') };
  #taken = 0;

  constructor(content: string | Uint8Array) {
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
    const whole = this.#taken > 0 && this.#taken === Buffer.byteLength(this.#content);
    return whole ? this.#running[kind].copy().digest('hex') : digest(kind, this.#content);
  }
}

export function digest(kind: 'sha1' | 'md5', content: string | Uint8Array): string {
  return createHash(kind).update(content).digest('hex');
}
