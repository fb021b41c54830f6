/** What a bake is asked for: an image's settings and the options of the command line. */

import type { ImageConfig } from '../config/config.ts';

export interface BakeRequest {
  readonly image: ImageConfig;
  /** The directory that `.playbake/` is in. */
  readonly project: string;
  /** Undefined: there is no playbake.yml. */
  readonly configFile: string | undefined;
  /** `-i`, before the image's own. */
  readonly inventory: readonly string[];
  /** `-e` as written, after the image's own `vars`. */
  readonly extraVars: readonly string[];
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  /** `--name`, in place of the image's template. */
  readonly name: string | undefined;
  /** Addresses that may reach the machine by SSH. */
  readonly sshFrom: string | undefined;
  /** False: the new image is not launched and tested. */
  readonly test: boolean;
  /** Bakes even where an image with the same fingerprint exists. */
  readonly force: boolean;
  readonly verbosity: number;
}
