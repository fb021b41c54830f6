/** Instances as the state keeps them. Times are milliseconds since 1970. */

import type { Resource } from './state.ts';

export type InstanceState = 'pending' | 'running' | 'stopping' | 'stopped' | 'shutting-down' | 'terminated';

export interface InstanceRecord extends Resource {
  /** What the machine shall be; a state that passes is left when the machine is so. */
  readonly state: InstanceState;
  /** Why it came into this state, where that was not by starting: EC2's StateReason. */
  readonly reason?: StateReason;
  /** EC2's StateTransitionReason; empty while it runs. */
  readonly transition: string;
  /** In `stopping` and `shutting-down`: cut its power instead of shutting it down. */
  readonly force?: boolean;
  /** Its machine is off, and comes back, while its disks are captured. */
  readonly imaging?: boolean;
  /** The last start. */
  readonly launchedAt: number;
  /** When its machine first answered after the last start. */
  readonly answeredAt?: number;
  /** When it was terminated. */
  readonly endedAt?: number;

  readonly imageId: string;
  /** What its disk stands on, the uppermost first, as paths below the home. */
  readonly layers: readonly string[];
  readonly rootDevice: string;
  readonly devices: readonly InstanceDevice[];

  readonly type: string;
  /** The number of its machine, which gives the address; no other machine of the sandbox has it. */
  readonly number: number;
  readonly address: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly zone: string;
  readonly groupIds: readonly string[];
  readonly interfaceId: string;
  readonly interfaceTags: Readonly<Record<string, string>>;
  readonly sourceDestCheck: boolean;
  /** Whether its address is also shown as a public one while it runs: clients here reach it by that. */
  readonly hasPublicAddress?: boolean;

  readonly reservationId: string;
  /** Its place among those that were launched with it. */
  readonly launchIndex: number;
  /** The ClientToken that it was launched with. */
  readonly token?: string;
  readonly keyName?: string;
  /** The line for authorized_keys that the key pair had at the launch. */
  readonly publicKey?: string;
  readonly profile?: InstanceProfile;
  /** In Base64. */
  readonly userData?: string;
  readonly metadata: InstanceMetadata;
  readonly onShutdown: 'stop' | 'terminate';
  readonly keepFromTermination: boolean;
  readonly keepFromStop: boolean;
  readonly monitored: boolean;
  readonly ebsOptimized: boolean;
  readonly credits?: 'standard' | 'unlimited';
}

export interface StateReason {
  readonly code: string;
  readonly message: string;
}

/** A volume at its place in an instance. */
export interface InstanceDevice {
  /** Such as /dev/xvda. */
  readonly name: string;
  readonly volumeId: string;
  readonly deleteOnTermination: boolean;
  readonly attachedAt: number;
}

export interface InstanceProfile {
  readonly arn: string;
  readonly id: string;
  readonly associationId: string;
}

/** How the instance reaches what http://169.254.169.254 says of it. */
export interface InstanceMetadata {
  readonly endpoint: 'enabled' | 'disabled';
  readonly tokens: 'optional' | 'required';
  readonly hopLimit: number;
  readonly tags: 'enabled' | 'disabled';
}

/** Whether a machine belongs to it, running or not. */
export function exists({ state }: InstanceRecord): boolean {
  return state !== 'terminated';
}
