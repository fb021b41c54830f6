/** A rollout of one fleet from its beginning, or from where it was stopped, to its end; and back, when it proves to be bad. */

import type { Cloud } from '../../cloud/cloud.ts';
import { asFault } from '../../cloud/cloud-error.ts';
import { Fault } from '../../fault.ts';
import { performGroup } from '../autoscaling/perform-group.ts';
import type { Counts, EmitRollout, RolloutOutcome } from '../events.ts';
import type { FleetPlan } from '../plan/plan.ts';
import type { Release, State } from '../state/state.ts';
import { Calls } from './calls.ts';
import { backwards, begun, ended, stoppedBy } from './chapters.ts';
import { Checks, type VerifyOptions } from './health/checks.ts';
import { FleetLedger, type Ledger } from './ledger.ts';
import { performPlan } from './perform-plan.ts';
import type { Performing } from './performing.ts';
import { Sightings } from './sightings.ts';
import { tallying } from './tally.ts';
import { AtCheckpoint } from './timed.ts';
import { isVerdict } from './verdict.ts';
import { wayBack } from './way-back.ts';

/** The plan that brings a fleet to a release, of what is there at this moment. */
export type PlanBack = (fleet: string, release: Release, state: State) => Promise<FleetPlan>;

export interface RolloutOptions {
  readonly cloud: Cloud;
  readonly ledger: Ledger;
  /** What is to be done; undefined: what stands in the state goes on. */
  readonly plan: FleetPlan | undefined;
  readonly fleet: string;
  /** `back`: the user wants an earlier release. Default: forward. */
  readonly direction?: 'forward' | 'back';
  readonly planBack: PlanBack;
  /** Where known host keys are kept. */
  readonly directory: string;
  readonly verify: VerifyOptions;
  readonly emit: EmitRollout;
  readonly signal: AbortSignal;
}

export interface RolloutResult {
  readonly outcome: RolloutOutcome;
  readonly counts: Counts;
  readonly fault?: Fault;
}

/** Gives how it ended; throws only what is wrong with playbake. */
export async function runRollout(options: RolloutOptions): Promise<RolloutResult> {
  const { ledger, plan, fleet, cloud, signal, directory, verify, direction = 'forward' } = options;
  const started = performance.now();
  const { emit, counts } = tallying(options.emit);
  const own = new FleetLedger(ledger, fleet);
  const end = async (outcome: RolloutOutcome, rollout: string, fault?: Fault, hints: readonly string[] = []) => {
    const seconds = (performance.now() - started) / 1000;
    emit({ type: 'rollout-end', fleet, rollout, outcome, counts: counts(), seconds, ...(fault && { fault }), hints });
    return { outcome, counts: counts(), ...(fault && { fault }) };
  };
  try {
    if (plan) await ledger.change((state) => begun(state, plan, direction, cloud.region));
    else await own.change(stoppedBy(undefined));
  } catch (error) {
    return end('stopped', plan?.rollout ?? '', faultOf(error));
  }
  const performing: Performing = {
    ...{ ledger: own, cloud, emit, signal },
    sightings: new Sightings(cloud),
    calls: new Calls(cloud),
    checks: new Checks({ fleet: own.rollout.plan.fleet, directory, verify }),
  };
  const { id } = own.rollout;
  const perform = own.rollout.plan.fleet.engine === 'autoscaling' ? performGroup : performPlan;
  tellStart(own, plan === undefined, emit);
  for (;;) {
    try {
      await perform(performing);
      const { outcome, hints } = await ended(own);
      return await end(outcome, id, undefined, hints);
    } catch (error) {
      if (error instanceof AtCheckpoint)
        return end('waiting', id, undefined, [`\`rollout apply\` goes on; \`rollout rollback\` goes back`]);
      if (!isVerdict(error)) return stopped(own, faultOf(error), (fault) => end('stopped', id, fault, HOW_ON));
      try {
        const way = await wayBack(own, error, { cloud, planBack: options.planBack, state: ledger.state, emit });
        if (way === undefined) {
          const { hints } = await ended(own, error);
          return await end('failed', id, error, hints);
        }
        await own.change(backwards(way, error.message));
        tellStart(own, false, emit);
      } catch (failure) {
        return stopped(own, faultOf(failure), (fault) => end('stopped', id, fault, HOW_ON));
      }
    }
  }
}

const HOW_ON = ['`rollout apply` goes on where it was; `rollout status` shows where that is'];

async function stopped<T>(ledger: FleetLedger, fault: Fault, end: (fault: Fault) => Promise<T>): Promise<T> {
  // Where the state cannot be written, it is as it was when it could be.
  await ledger.change(stoppedBy(fault)).catch(() => undefined);
  return end(fault);
}

function tellStart({ rollout, name }: FleetLedger, resumed: boolean, emit: EmitRollout): void {
  const { plan, direction, id } = rollout;
  const { from, to, batches } = plan;
  emit({
    type: 'rollout-start',
    ...{ fleet: name, rollout: id, direction, resumed },
    ...(from && { from }),
    ...(to && { to }),
    batches: batches.length,
  });
}

/** What is no Fault is a bug, and thrown on. */
function faultOf(error: unknown): Fault {
  const fault = asFault(error);
  if (fault instanceof Fault) return fault;
  throw error;
}
