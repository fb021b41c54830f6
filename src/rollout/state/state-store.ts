/** Where the state is kept: a file, or an object in S3. */

import type { LockInfo } from './lock-info.ts';
import type { State } from './state.ts';

export interface StateStore {
  /** A path or a URL, for people. */
  readonly where: string;
  /** Undefined: there is none yet. Throws `state-invalid` for one that is broken or of a newer version. */
  read(): Promise<State | undefined>;
  /**
   * Replaces the state as a whole; needs the lock. The first write after `lock` keeps what was there before as a backup.
   * Throws `state-conflict` where the serial is not the one after that which is kept, or the lineage differs, and
   * `state-failed` where it cannot be written; then all is as before.
   */
  write(state: State): Promise<void>;
  /** Throws `state-locked` where somebody has it. */
  lock(options: { readonly operation: string }): Promise<StateLock>;
  /** Who has the lock. */
  locked(): Promise<LockInfo | undefined>;
  /** Removes the lock of that id, whoever has it. Throws `state-missing` where there is no such lock. */
  unlock(id: string): Promise<LockInfo>;
  close(): void;
}

export interface StateLock {
  readonly info: LockInfo;
  /** The lock of a process that died, in whose place this one is: worth a note. */
  readonly insteadOf: LockInfo | undefined;
  /** Lets it go; does nothing when it is no longer ours. */
  release(): Promise<void>;
}
