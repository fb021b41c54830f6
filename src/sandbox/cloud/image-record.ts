/** Images, snapshots and volumes as the state keeps them. Sizes are GiB; times are milliseconds since 1970. */

import type { Resource } from './state.ts';

export interface ImageRecord extends Resource {
  readonly name: string;
  readonly description: string;
  readonly state: 'pending' | 'available' | 'failed';
  /** Twelve digits. */
  readonly owner: string;
  readonly architecture: 'x86_64' | 'arm64';
  readonly rootDevice: string;
  readonly devices: readonly ImageDevice[];
  /** Accounts that may launch it, beside its owner; `all` makes it public. */
  readonly launchPermissions: readonly string[];
  readonly deprecatedAt?: number | undefined;
  readonly protection: 'disabled' | 'enabled' | 'enabled-with-cooldown';
  readonly disabled: boolean;
  readonly imdsSupport?: 'v2.0' | undefined;
  readonly sourceInstanceId?: string | undefined;
  readonly sourceImageId?: string | undefined;
  readonly sourceImageRegion?: string | undefined;
  /** The ClientToken of the call that made it. */
  readonly token?: string | undefined;
  readonly lastLaunchedAt?: number | undefined;
  /** Why it failed. */
  readonly failure?: string | undefined;
}

/** A volume that an instance launched from the image gets. */
export interface ImageDevice {
  readonly device: string;
  readonly snapshotId?: string | undefined;
  readonly size: number;
  readonly type: string;
  readonly iops?: number | undefined;
  readonly throughput?: number | undefined;
  readonly encrypted: boolean;
  readonly deleteOnTermination: boolean;
}

export interface SnapshotRecord extends Resource {
  readonly state: 'pending' | 'completed' | 'error';
  /** Twelve digits. */
  readonly owner: string;
  readonly description: string;
  readonly volumeId: string;
  readonly size: number;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string | undefined;
  /** Accounts that may make volumes of it, beside its owner. */
  readonly createPermissions: readonly string[];
  readonly failure?: string | undefined;
  /**
   * What it holds. Of a root volume the layers, the uppermost first, as paths relative to the sandbox's home; of a data
   * volume one folder; nothing while it is pending.
   */
  readonly layers: readonly string[];
}

export interface VolumeRecord extends Resource {
  readonly state: 'creating' | 'available' | 'in-use' | 'deleting' | 'error';
  readonly zone: string;
  readonly size: number;
  readonly type: string;
  readonly iops?: number | undefined;
  readonly throughput?: number | undefined;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string | undefined;
  readonly snapshotId?: string | undefined;
  readonly attachment?: Attachment | undefined;
  /** The ClientToken of the call that made it. */
  readonly token?: string | undefined;
}

export interface Attachment {
  readonly instanceId: string;
  readonly device: string;
  readonly state: 'attaching' | 'attached' | 'detaching' | 'busy';
  readonly attachedAt: number;
  readonly deleteOnTermination: boolean;
}
