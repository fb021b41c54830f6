/** What the cloud asks of the machines behind its instances. `id` is an instance's. */

import type { InstanceRecord } from './instance-record.ts';
import type { VolumePlace } from './volume-mounts.ts';

export interface Machines {
  /**
   * Boots the machine of an instance, on the disk that it has, else on a new one; resolves when its init runs. One that
   * runs is left alone. Throws when it does not come up.
   */
  readonly start: (instance: InstanceRecord) => Promise<void>;
  /** Shuts it down, or cuts its power with `force` or when it takes too long; resolves when it is off. */
  readonly stop: (id: string, options: { readonly force: boolean }) => Promise<void>;
  /** Asks it to reboot. One that is off stays off. */
  readonly reboot: (id: string) => Promise<void>;
  /** Mounts a data volume in it; one that is off finds it when it starts. */
  readonly attach: (id: string, place: VolumePlace) => Promise<void>;
  readonly detach: (id: string, place: VolumePlace) => Promise<void>;
  /** Takes the machine away with its disk, running or not; there may be none. */
  readonly remove: (id: string) => Promise<void>;
  readonly isRunning: (id: string) => boolean;
  /** How it came to be off: by its own shutdown, or cut short. */
  readonly ending: (id: string) => Promise<'off' | 'cut'>;
  /** Whether it takes connections for SSH. */
  readonly answers: (id: string) => Promise<boolean>;
  /** What it has written on its console since it was last started. */
  readonly console: (id: string) => Promise<Buffer>;
  /** The ids that have a machine, whole or half made. */
  readonly all: () => Promise<readonly string[]>;
  /** Puts a program of nftables in force: the security groups of all instances. `loadFirewall` does that. */
  readonly filter: (program: string) => Promise<void>;
}
