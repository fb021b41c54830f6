/** All that one instance is made of, with everything resolved to ids. Two that are equal need no replacement. */

import type { VolumeConfig } from '../config/fleet.ts';

export interface Settings {
  readonly imageId: string;
  readonly imageName: string;
  readonly instanceType: string;
  readonly subnetId: string;
  readonly securityGroupIds: readonly string[];
  readonly keyName?: string;
  /** The ARN or name as the config gives it. */
  readonly iamProfile?: string;
  /** The text itself: a rollback needs it. */
  readonly userData?: string;
  readonly publicAddress?: boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly volumes: readonly VolumeConfig[];
  readonly targetGroupArns: readonly string[];
}
