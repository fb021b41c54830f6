/** Tags by which the instances and volumes of fleets are found again. */

export const FLEET_TAG = 'playbake:fleet';
export const SLOT_TAG = 'playbake:slot';
/** The rollout that launched it. */
export const ROLLOUT_TAG = 'playbake:rollout';
