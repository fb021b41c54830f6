/** Roles and instance profiles as the state keeps them: IAM is one for all regions. Times are milliseconds since 1970. */

import type { Table, Tags } from './state.ts';

export interface IamState {
  /** By name. */
  readonly roles: Table<RoleRecord>;
  readonly profiles: Table<ProfileRecord>;
}

export const EMPTY_IAM: IamState = { roles: {}, profiles: {} };

interface Entity {
  readonly name: string;
  /** Such as AROA… or AIPA…. */
  readonly id: string;
  /** `/`, or such as `/app/`. */
  readonly path: string;
  readonly createdAt: number;
  readonly tags: Tags;
}

export interface RoleRecord extends Entity {
  /** The trust policy: JSON. */
  readonly trust: string;
  readonly description: string;
  /** Seconds. */
  readonly longestSession: number;
  /** ARNs. */
  readonly attached: readonly string[];
  /** Inline policies by name: JSON. */
  readonly policies: Readonly<Record<string, string>>;
}

export interface ProfileRecord extends Entity {
  /** The role's name; a profile has at most one. */
  readonly role?: string | undefined;
}

export function arnOf(account: string, kind: 'role' | 'instance-profile', { path, name }: Entity): string {
  return `arn:aws:iam::${account}:${kind}${path}${name}`;
}
