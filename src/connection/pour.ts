import { once } from 'node:events';
import type { Writable } from 'node:stream';

/**
 * Pieces down a stream, no faster than it takes them.
 * @param onPiece told each piece when it is on its way. Never settles when the stream stops taking any.
 */
export async function pour(
  stream: Writable,
  pieces: Iterable<Uint8Array>,
  onPiece: (piece: Uint8Array) => void = () => undefined,
): Promise<void> {
  for (const piece of pieces) {
    const room = stream.write(piece);
    onPiece(piece);
    if (!room) await once(stream, 'drain');
  }
}
