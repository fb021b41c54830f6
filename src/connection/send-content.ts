/** A content on its way to a shell that takes it: its beginning as it is, to see how fast the wire is, and the rest packed where that is quicker. */

import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type Bytes, piecesOf } from '../shell/bytes.ts';
import { choosePacking } from './choose-packing.ts';
import { pour } from './pour.ts';

const PROBE = 2 ** 20;

/** How many bytes go first, and are waited for; none of a content that is soon there anyway. */
export function probeOf(length: number): number {
  return length > 4 * PROBE ? PROBE : 0;
}

export interface Taker {
  /** It is there; whether it can unpack. */
  readonly unpacks: Promise<boolean>;
  /** It has the beginning. */
  readonly probed: Promise<unknown>;
  readonly onPiece: ((piece: Uint8Array) => void) | undefined;
}

/** Ends the stream behind the content. Rejects with what `unpacks` and `probed` reject with. */
export async function sendContent(stream: Writable, content: Bytes, taker: Taker): Promise<void> {
  const unpacks = await taker.unpacks;
  const probe = probeOf(content.length);
  const began = performance.now();
  if (probe > 0) await pour(stream, [content.subarray(0, probe)], taker.onPiece);
  await taker.probed;
  const rate = probe / (performance.now() - began);
  const level = unpacks && probe > 0 ? choosePacking(content, rate) : undefined;
  const rest = piecesOf(content, probe);
  stream.write(level === undefined ? 'cat\n' : 'gzip\n');
  await (level === undefined ? pour(stream, rest, taker.onPiece) : pourPacked(stream, rest, level, taker.onPiece));
  stream.end();
}

async function pourPacked(
  stream: Writable,
  pieces: Iterable<Uint8Array>,
  level: number,
  onPiece: Taker['onPiece'],
): Promise<void> {
  const gzip = createGzip({ level, chunkSize: 2 ** 16 });
  const through = pipeline(gzip, stream, { end: false });
  await Promise.all([through, pour(gzip, pieces, onPiece).then(() => gzip.end())]);
}
