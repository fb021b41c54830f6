/** Networks as the state keeps them. Networks of addresses are in CIDR form, without bits after the prefix. */

import type { Resource } from './state.ts';

export interface VpcRecord extends Resource {
  readonly cidr: string;
  readonly isDefault: boolean;
  readonly tenancy: 'default' | 'dedicated';
  readonly dnsSupport: boolean;
  readonly dnsHostnames: boolean;
  readonly addressUsageMetrics: boolean;
}

export interface SubnetRecord extends Resource {
  readonly vpcId: string;
  readonly cidr: string;
  /** The name of its availability zone. */
  readonly zone: string;
  readonly isDefault: boolean;
  /** Whether instances get a public address unless told otherwise. */
  readonly mapPublicIp: boolean;
  readonly dnsRecord: boolean;
  readonly hostnameType: 'ip-name' | 'resource-name';
}

export interface InternetGatewayRecord extends Resource {
  /** The network that it is attached to; absent when it is attached to none. */
  readonly vpcId?: string;
}

export interface RouteTableRecord extends Resource {
  readonly vpcId: string;
  readonly routes: readonly RouteRecord[];
  readonly associations: readonly RouteTableAssociation[];
}

export interface RouteRecord {
  readonly destination: string;
  /** An internet gateway, or `local`. */
  readonly gatewayId: string;
}

export interface RouteTableAssociation {
  readonly id: string;
  /** Absent for the one that makes the table the main one of its VPC. */
  readonly subnetId?: string;
}

/** Only the default one that each VPC has: it lets everything pass. */
export interface NetworkAclRecord extends Resource {
  readonly vpcId: string;
}

export interface SecurityGroupRecord extends Resource {
  readonly vpcId: string;
  readonly name: string;
  readonly description: string;
}

/** One source or target of one permission. */
export interface SecurityGroupRuleRecord extends Resource {
  readonly groupId: string;
  readonly egress: boolean;
  /** `tcp`, `udp`, `icmp`, `icmpv6`, the number of another protocol, or `-1` for all. */
  readonly protocol: string;
  /** The first port, or the type of ICMP; -1 for all. */
  readonly from: number;
  /** The last port, or the code of ICMP; -1 for all. */
  readonly to: number;
  readonly peer: RulePeer;
  readonly text?: string;
}

/** Whom a rule lets in or out to: one of these. */
export interface RulePeer {
  readonly ipv4?: string;
  readonly ipv6?: string;
  readonly groupId?: string;
}
