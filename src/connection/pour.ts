import { once } from 'node:events';
import type { Writable } from 'node:stream';

const PIECE = 2 ** 18;

/**
 * Bytes down a stream in pieces, no faster than it takes them.
 * @param onPiece told each piece when it is on its way. Never settles when the stream stops taking any.
 */
export async function pour(
  stream: Writable,
  content: Uint8Array,
  onPiece: (piece: Uint8Array) => void = () => undefined,
): Promise<void> {
  for (let start = 0; start < content.length; start += PIECE) {
    const piece = content.subarray(start, start + PIECE);
    const room = stream.write(piece);
    onPiece(piece);
    if (!room) await once(stream, 'drain');
  }
}
