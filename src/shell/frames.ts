/** The bytes that a channel's shell answers with, taken apart into frames. */

export interface Frame {
  /** A step's index, `end` (the program is over), `+` (progress), `hello`, `job`. */
  readonly index: string;
  readonly state: string;
  readonly rc: number;
  readonly first: Buffer;
  readonly second: Buffer;
  /** When a command ran: the host's wall clock and uptime when its shell began, its uptime before and after. */
  readonly times: readonly string[];
}

/** Feeds on chunks of any size; what stands between frames (a login banner) is passed over. */
export class FrameReader {
  readonly #marker: Buffer;
  readonly #onFrame: (frame: Frame) => void;
  #chunks: Buffer[] = [];
  #size = 0;
  /** Bytes that must be there before it is worth looking again. */
  #needed = 1;

  constructor(nonce: string, onFrame: (frame: Frame) => void) {
    this.#marker = Buffer.from(`@${nonce} `);
    this.#onFrame = onFrame;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size < this.#needed) return;
    let rest = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    for (;;) {
      const taken = this.#take(rest);
      if (taken === 0) break;
      rest = rest.subarray(taken);
    }
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#size = rest.length;
  }

  /** Bytes used up; 0 when more must come. */
  #take(bytes: Buffer): number {
    const start = bytes.indexOf(this.#marker);
    const newline = start < 0 ? -1 : bytes.indexOf(10, start);
    if (newline < 0) {
      this.#needed = bytes.length + 1;
      return 0;
    }
    const [index = '', state = '', rc = '', first = '', second = '', ...times] = bytes
      .toString('latin1', start + this.#marker.length, newline)
      .split(' ');
    const middle = newline + 1 + Number(first);
    const end = middle + Number(second);
    if (bytes.length < end + 1) {
      this.#needed = end + 1;
      return 0;
    }
    this.#needed = 1;
    this.#onFrame({
      index,
      state,
      rc: Number(rc),
      first: bytes.subarray(newline + 1, middle),
      second: bytes.subarray(middle, end),
      times,
    });
    return end + 1;
  }
}
