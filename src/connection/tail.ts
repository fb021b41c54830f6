import type { Readable } from 'node:stream';

/** The last characters that a stream said, kept for messages. */
export class Tail {
  text = '';
  readonly #stream: Readable;
  readonly #take: (chunk: Buffer) => void;

  constructor(stream: Readable, onText: () => void = () => undefined, length = 2000) {
    this.#stream = stream;
    this.#take = (chunk) => {
      this.text = (this.text + chunk.toString('utf8')).slice(-length);
      onText();
    };
    stream.on('data', this.#take);
  }

  stop(): void {
    this.#stream.off('data', this.#take);
  }
}
