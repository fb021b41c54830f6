/** Tags by which what a rollout makes is found again, also where the state is lost. */

import type { Tags } from '../../cloud/tags.ts';

export const FLEET_TAG = 'playbake:fleet';
export const SLOT_TAG = 'playbake:slot';
export const ROLLOUT_TAG = 'playbake:rollout';
/** Of data volumes: the device that it is attached as. */
export const DEVICE_TAG = 'playbake:device';

export interface Belonging {
  readonly fleet: string;
  readonly slot: number;
  readonly rollout: string;
}

/** The user's own tags hold, a `Name` among them too. */
export function tagsOf({ fleet, slot, rollout }: Belonging, own: Tags): Tags {
  return { Name: `${fleet}-${slot}`, ...own, [FLEET_TAG]: fleet, [SLOT_TAG]: String(slot), [ROLLOUT_TAG]: rollout };
}
