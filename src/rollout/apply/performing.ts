/** What the steps of a rollout share. */

import type { Cloud } from '../../cloud/cloud.ts';
import type { EmitRollout } from '../events.ts';
import type { Calls } from './calls.ts';
import type { Checks } from './health/checks.ts';
import type { FleetLedger } from './ledger.ts';
import type { Sightings } from './sightings.ts';

export interface Performing {
  readonly ledger: FleetLedger;
  readonly cloud: Cloud;
  readonly sightings: Sightings;
  readonly calls: Calls;
  readonly checks: Checks;
  readonly emit: EmitRollout;
  /** The first Ctrl-C: waiting ends, nothing new is begun. */
  readonly signal: AbortSignal;
}
