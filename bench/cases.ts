/** What is measured: `p1@50` is work p1 over a wire of 50 ms round trip, `p3x10` is work p3 on ten hosts. */

import { Fault } from '../src/fault.ts';

/**
 * `version` starts the program only, `syntax` also reads and checks p3; `first-byte` ends when the first byte of SSH arrives
 * at a host, `one` when one command has been run there.
 */
export const WORKS = ['version', 'syntax', 'first-byte', 'one', 'p1', 'p2', 'p3', 'p4a', 'p4b', 'scale'] as const;

export type Work = (typeof WORKS)[number];

export interface Case {
  readonly label: string;
  readonly work: Work;
  readonly hosts: number;
  /** Milliseconds. */
  readonly roundTrip: number;
}

export const DEFAULT_CASES = [
  'version,syntax,first-byte,one,p1@0,p1@50,p1@100,p2x1,p2x10,p2x50,p3x1,p3x10,p3x50,p3x1@100,p4a,p4b',
  'scale10,scale100,scale1000',
].join(',');

/** Throws `option-invalid`. */
export function parseCase(label: string): Case {
  const parts = /^([a-z-]+?\d?[ab]?)(?:x(\d+))?(?:@(\d+))?$/.exec(label);
  const scale = /^scale(\d+)$/.exec(label);
  const work = WORKS.find((one) => one === (scale ? 'scale' : parts?.[1]));
  const [hosts, roundTrip] = [Number(scale?.[1] ?? parts?.[2] ?? 1), Number(parts?.[3] ?? 0)];
  if (!work || hosts < 1) {
    throw new Fault('option-invalid', `there is no case "${label}"`, {
      hint: `cases are ${WORKS.join(', ')}, with xHOSTS and @MILLISECONDS after it, or scaleHOSTS`,
    });
  }
  if (roundTrip > 0 && hosts > 1) {
    throw new Fault('option-invalid', `${label}: the long wire leads to one host`, {
      hint: `say ${work}@${roundTrip}`,
    });
  }
  return { label, work, hosts, roundTrip };
}
