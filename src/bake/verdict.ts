/** Whether a bake is needed, and why. */

import type { Fingerprint, Inputs } from './fingerprint/fingerprint.ts';
import type { Look } from './fingerprint/look-again.ts';
import { type Difference, differenceLine, firstDifference } from './first-difference.ts';

/** An image that may be the very one that a bake would make. */
export interface Candidate {
  readonly imageId: string;
  readonly name: string;
  /** The tag that says what went in; undefined where that alone does not tell what came out. */
  readonly inputs: string | undefined;
}

export type Verdict =
  | { readonly same: Candidate }
  | {
      readonly same?: undefined;
      readonly reason: string;
      /** What the newest image that is known differs by. */
      readonly difference?: Difference;
      readonly against?: Candidate;
    };

export interface VerdictOptions {
  readonly now: Inputs;
  /** Images that may be used, the newest first. */
  readonly images: readonly Candidate[];
  /** What is on record of an image. */
  readonly recordOf: (imageId: string) => Fingerprint | undefined;
  readonly look: Look;
}

export function verdict({ now, images, recordOf, look }: VerdictOptions): Verdict {
  const looked = rememberLooks(look);
  const same = images.find(({ inputs }) => inputs === now.digest);
  if (same) return { same };
  let first: { readonly against: Candidate; readonly difference: Difference } | undefined;
  for (const against of images) {
    const record = recordOf(against.imageId);
    if (!record) continue;
    const difference = firstDifference(record, now, looked);
    if (!difference) return { same: against };
    first ??= { against, difference };
  }
  if (first) return { reason: differenceLine(first.difference), ...first };
  const [newest] = images;
  if (!newest) return { reason: 'there is no image of it yet' };
  return { reason: `what ${newest.name} (${newest.imageId}) was made of is not on record here` };
}

/** Many images have read the same things, and a command may take its time. */
function rememberLooks(look: Look): Look {
  const known = new Map<string, string | null | undefined>();
  return (read) => {
    const { digest: _, ...what } = read;
    const key = JSON.stringify(what);
    if (!known.has(key)) known.set(key, look(read));
    return known.get(key);
  };
}
