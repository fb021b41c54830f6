/** Tasks of a first boot, compiled: what the boot script is made of. */

import type { Where } from '../../fault.ts';

/** Tasks with this tag run when a host of the image boots for the first time. */
export const FIRST_BOOT = 'first_boot';

export interface BootPlan {
  /** In their order; `flush` runs the handlers that were notified so far. */
  readonly entries: readonly (BootTask | 'flush')[];
  /** Those that a task notifies, in the order in which they run. */
  readonly handlers: readonly BootTask[];
  /** Contents that are too large for the script, by the paths of the files that hold them. */
  readonly contents: ReadonlyMap<string, Uint8Array>;
}

export interface BootTask {
  readonly name: string;
  readonly where: Where;
  /** One, or one for each item of its loop. */
  readonly items: readonly BootItem[];
  /** Who it runs as. */
  readonly user: string;
  readonly ignoreErrors: boolean;
  /** `changed_when`, where it says always or never. */
  readonly changed: boolean | undefined;
  /** What it prints is shown nowhere. */
  readonly hidden: boolean;
  readonly retries: number;
  /** Seconds between attempts. */
  readonly delay: number;
  /** Indexes of handlers. */
  readonly notifies: readonly number[];
}

export interface BootItem {
  /** As shown in `(item=…)`. */
  readonly label: string | undefined;
  /** What `compile` prints. */
  readonly program: string;
  /** Indexes of steps that run something and change nothing. */
  readonly quiet: readonly number[];
  /** What the task says when it is done: of `debug`. */
  readonly says: string | undefined;
}

/** A file of the image, owned by root. */
export interface BootFile {
  readonly path: string;
  /** As chmod takes it. */
  readonly mode: string;
  readonly content: string | Uint8Array;
}
