/** Tags by which what a bake makes is found again, also where its journal is lost. */

import type { Tags } from '../cloud/tags.ts';

export const RUN_TAG = 'playbake:run';
/** The image that the run bakes, as playbake.yml names it. */
export const IMAGE_TAG = 'playbake:image';
/** `building`, and `good` once all is done: only then may an image be used. */
export const STATE_TAG = 'playbake:state';
/** A time after which the run cannot be alive any more, ISO 8601. */
export const UNTIL_TAG = 'playbake:until';

export interface RunTags {
  readonly run: string;
  readonly image: string;
  readonly until: Date;
}

export function runTags({ run, image, until }: RunTags): Tags {
  return { [RUN_TAG]: run, [IMAGE_TAG]: image, [STATE_TAG]: 'building', [UNTIL_TAG]: until.toISOString() };
}
