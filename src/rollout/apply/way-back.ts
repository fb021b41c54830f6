/** Whether and how a rollout that proved to be bad goes back. */

import type { Cloud } from '../../cloud/cloud.ts';
import { isNotFound } from '../../cloud/cloud-error.ts';
import type { Fault } from '../../fault.ts';
import type { EmitRollout } from '../events.ts';
import type { FleetPlan } from '../plan/plan.ts';
import type { State } from '../state/state.ts';
import type { FleetLedger } from './ledger.ts';
import type { PlanBack } from './run-rollout.ts';

export interface WayBackOptions {
  readonly cloud: Cloud;
  readonly planBack: PlanBack;
  readonly state: State;
  readonly emit: EmitRollout;
}

/** The plan; undefined: it stays as it is, which has been told with why. */
export async function wayBack(
  ledger: FleetLedger,
  { message, hint }: Fault,
  { cloud, planBack, state, emit }: WayBackOptions,
): Promise<FleetPlan | undefined> {
  const { name, rollout, fleet } = ledger;
  const { good } = fleet;
  const verdict = { type: 'verdict', fleet: name, message, ...(hint !== undefined && { hint }) } as const;
  const stay = (why: string) => {
    emit({ ...verdict, next: 'stay', why });
    return undefined;
  };
  if (rollout.direction === 'back') return stay('it is on its way back already');
  if (!rollout.plan.fleet.strategy.autoRollback) return stay('strategy.auto_rollback is false');
  if (!good) return stay('there is no earlier release that was good');
  if (!(await isThere(cloud, good.image.id)))
    return stay(`the image of the last good release, ${good.image.id}, is gone`);
  emit({ ...verdict, next: 'rollback', to: good.image });
  return planBack(name, good, state);
}

async function isThere(cloud: Cloud, id: string): Promise<boolean> {
  try {
    const { Images = [] } = await cloud.ec2().describeImages({ ImageIds: [id] });
    return Images.some(({ State }) => State === 'available');
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
