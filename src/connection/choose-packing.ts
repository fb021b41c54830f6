import { deflateSync } from 'node:zlib';
import type { Bytes } from '../shell/bytes.ts';

const SAMPLE = 2 ** 16;
const SAMPLES = 4;

/** Levels of zlib, each with the wires (bytes in a millisecond) that it is too slow for: there not even samples are packed. */
const LEVELS = [
  { level: 1, below: 200_000 },
  { level: 6, below: 20_000 },
] as const;

/**
 * The level at which a content is soonest at the other end of a wire when it is packed on the way, judged by samples of it;
 * undefined: as it is.
 * @param rate bytes that the wire takes in a millisecond.
 */
export function choosePacking(content: Bytes, rate: number): number | undefined {
  const sample = sampleOf(content);
  const levels = LEVELS.filter(({ below }) => rate < below).map(({ level }) => ({
    level,
    cost: costOf(sample, level, rate),
  }));
  const best = levels.reduce<(typeof levels)[number] | undefined>((one, other) => {
    return one && one.cost <= other.cost ? one : other;
  }, undefined);
  // It must be worth the processor's work.
  return best && best.cost < 0.8 / rate ? best.level : undefined;
}

function sampleOf(content: Bytes): Uint8Array {
  const step = Math.floor((content.length - SAMPLE) / (SAMPLES - 1));
  const starts = Array.from({ length: SAMPLES }, (_, index) => Math.max(0, index * step));
  return Buffer.concat(starts.map((start) => content.subarray(start, Math.min(start + SAMPLE, content.length))));
}

/** Milliseconds for a byte. Packing and sending go on at the same time: the slower of both counts. */
function costOf(sample: Uint8Array, level: number, rate: number): number {
  const began = performance.now();
  const share = deflateSync(sample, { level }).length / sample.length;
  return Math.max((performance.now() - began) / sample.length, share / rate);
}
