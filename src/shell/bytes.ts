/** Bytes that need not be in memory: those of a large file are read as they are asked for. A `Uint8Array` is one. */
export interface Bytes {
  readonly length: number;
  /** May throw a Fault where they must be read. */
  subarray(start: number, end: number): Uint8Array;
}

const PIECE = 2 ** 18;

/** From `start` on, in pieces of 256 KB. */
export function* piecesOf(bytes: Bytes, start = 0): Generator<Uint8Array> {
  for (let at = start; at < bytes.length; at += PIECE) yield bytes.subarray(at, Math.min(at + PIECE, bytes.length));
}

/** All of them. A text is UTF-8. */
export function wholeOf(content: string | Bytes): Buffer {
  return typeof content === 'string' ? Buffer.from(content) : Buffer.from(content.subarray(0, content.length));
}
