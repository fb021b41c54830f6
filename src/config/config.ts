/** What playbake.yml says, once it is checked. `schemas/config.json` describes each key for people. */

import type { Where } from '../fault.ts';
import type { Dict } from '../value/value.ts';
import type { FleetConfig } from './fleet.ts';
import type { StateLocation } from './state-location.ts';

export type CloudKind = 'aws' | 'sandbox';

export interface Config {
  /** The file's absolute path; undefined: there is none, and all is default. */
  readonly file: string | undefined;
  readonly cloud: CloudKind | undefined;
  readonly region: string | undefined;
  readonly profile: string | undefined;
  readonly endpoint: string | undefined;
  readonly sshFrom: string | undefined;
  readonly images: ReadonlyMap<string, ImageConfig>;
  readonly state: StateLocation;
  readonly fleets: ReadonlyMap<string, FleetConfig>;
}

/** A search with DescribeImages. */
export interface BaseSearch {
  readonly owners: readonly string[];
  readonly filters: ReadonlyMap<string, readonly string[]>;
  readonly mostRecent: boolean;
}

/** `debian`, the id of an image, or a search. */
export type Base = string | BaseSearch;

/** Milliseconds. */
export interface Timeouts {
  readonly boot: number;
  readonly stop: number;
  readonly image: number;
  readonly copy: number;
  readonly total: number;
}

export interface ImageConfig {
  readonly name: string;
  readonly where: Where | undefined;
  /** Absolute. */
  readonly playbook: string;
  /** Absolute where they are paths. */
  readonly inventory: readonly string[];
  readonly base: Base | undefined;
  /** Undefined: t3.small, or t4g.small where the base is for arm64. */
  readonly instanceType: string | undefined;
  readonly subnet: string | undefined;
  readonly securityGroup: string | undefined;
  readonly iamProfile: string | undefined;
  readonly sshUser: string | undefined;
  readonly sshAddress: 'public' | 'private' | undefined;
  readonly regions: readonly string[];
  readonly accounts: readonly string[];
  readonly encrypted: boolean | undefined;
  readonly kmsKey: string | undefined;
  /** A template. */
  readonly nameTemplate: string;
  readonly tags: ReadonlyMap<string, string>;
  /** Milliseconds. */
  readonly deprecateAfter: number | undefined;
  /** GiB. */
  readonly volumeSize: number | undefined;
  readonly vars: Dict;
  readonly sanitise: { readonly paths: readonly string[]; readonly keep: readonly string[] };
  readonly scan: { readonly ignore: readonly string[] };
  readonly timeouts: Timeouts;
}
