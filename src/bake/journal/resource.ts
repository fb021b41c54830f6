/** What a bake makes in the cloud, as its journal and its tags remember it. */

export const RESOURCE_KINDS = ['instance', 'key-pair', 'security-group', 'image', 'volume', 'snapshot'] as const;
export type ResourceKind = (typeof RESOURCE_KINDS)[number];

export interface Resource {
  readonly kind: ResourceKind;
  readonly region: string;
  /**
   * By which it is found again when nobody lived to note its id: an instance's ClientToken, the name of a key pair, group
   * or image.
   */
  readonly name: string;
  /** Undefined: it was about to be made. */
  readonly id?: string;
}

/** Whether two notes speak of one thing. */
export function isSame(one: Resource, other: Resource): boolean {
  return one.kind === other.kind && one.region === other.region && one.name === other.name;
}
