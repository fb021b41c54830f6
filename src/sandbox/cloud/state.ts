/** What the sandbox's cloud remembers: plain data, never changed in place, kept as one JSON file. */

import type { BalancingKinds } from './balancing/balancing-records.ts';
import { EMPTY_IAM, type IamState } from './iam-record.ts';
import type { ClientTokenRecord } from './idempotency.ts';
import type { ImageRecord, SnapshotRecord, VolumeRecord } from './image-record.ts';
import type { InstanceRecord } from './instance-record.ts';
import type { KeyPairRecord } from './key-pair-record.ts';
import type { LaunchTemplateRecord } from './launch-template-record.ts';
import type {
  InternetGatewayRecord,
  NetworkAclRecord,
  RouteTableRecord,
  SecurityGroupRecord,
  SecurityGroupRuleRecord,
  SubnetRecord,
  VpcRecord,
} from './network-records.ts';
import type { ScalingKinds } from './scaling/scaling-kinds.ts';

/** Records by id. */
export type Table<T> = Readonly<Record<string, T>>;

export type Tags = Readonly<Record<string, string>>;

/** What every resource has. `id` is EC2's; times are milliseconds since 1970. */
export interface Resource {
  readonly id: string;
  readonly tags: Tags;
  readonly createdAt: number;
}

/** EC2's resources, by kind: their ids have EC2's form (resource-ids.ts). */
export interface Ec2Kinds {
  readonly images: ImageRecord;
  readonly snapshots: SnapshotRecord;
  readonly volumes: VolumeRecord;
  readonly instances: InstanceRecord;
  readonly keyPairs: KeyPairRecord;
  readonly launchTemplates: LaunchTemplateRecord;
  readonly clientTokens: ClientTokenRecord;
  readonly vpcs: VpcRecord;
  readonly subnets: SubnetRecord;
  readonly internetGateways: InternetGatewayRecord;
  readonly routeTables: RouteTableRecord;
  readonly networkAcls: NetworkAclRecord;
  readonly securityGroups: SecurityGroupRecord;
  readonly securityGroupRules: SecurityGroupRuleRecord;
}

export type Ec2Kind = keyof Ec2Kinds;

/** The resources that a region has, by kind. */
export interface Kinds extends Ec2Kinds, BalancingKinds, ScalingKinds {}

export type Kind = keyof Kinds;

export type RegionState = { readonly [K in Kind]: Table<Kinds[K]> };

export interface CloudState {
  /** The shape of the file. */
  readonly version: 1;
  /** Twelve digits. */
  readonly account: string;
  readonly regions: Readonly<Record<string, RegionState>>;
  readonly iam: IamState;
}

export const EMPTY_REGION: RegionState = {
  images: {},
  snapshots: {},
  volumes: {},
  instances: {},
  keyPairs: {},
  launchTemplates: {},
  clientTokens: {},
  vpcs: {},
  subnets: {},
  internetGateways: {},
  routeTables: {},
  networkAcls: {},
  securityGroups: {},
  securityGroupRules: {},
  loadBalancers: {},
  targetGroups: {},
  listeners: {},
  listenerRules: {},
  scalingGroups: {},
  scalingActivities: {},
  instanceRefreshes: {},
};

export const ACCOUNT = '000000000000';

export const EMPTY: CloudState = { version: 1, account: ACCOUNT, regions: {}, iam: EMPTY_IAM };
