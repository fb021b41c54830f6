/** What verbs that change fleets share: the cloud, the state and its lock, how it is told, and what comes of it. */

import { mkdirSync } from 'node:fs';
import { chooseCloud } from '../../cloud/choose-cloud.ts';
import type { Cloud } from '../../cloud/cloud.ts';
import { asFault } from '../../cloud/cloud-error.ts';
import type { Config } from '../../config/config.ts';
import type { FleetConfig } from '../../config/fleet.ts';
import { imageName } from '../../config/fleet-config.ts';
import type { Fault } from '../../fault.ts';
import { faultsText } from '../../report/fault.ts';
import type { RolloutReporter } from '../../report/rollout-reporter.ts';
import { takenOverText } from '../../report/state-text.ts';
import type { VerifyOptions } from '../../rollout/apply/health/checks.ts';
import { Ledger } from '../../rollout/apply/ledger.ts';
import { type PlanBack, type RolloutResult, runRollout } from '../../rollout/apply/run-rollout.ts';
import { look } from '../../rollout/look/look.ts';
import type { Goal } from '../../rollout/plan/goal.ts';
import type { FleetPlan, Plan } from '../../rollout/plan/plan.ts';
import { planOf } from '../../rollout/plan/plan-of.ts';
import { nextState } from '../../rollout/state/next-state.ts';
import type { State } from '../../rollout/state/state.ts';
import type { StateStore } from '../../rollout/state/state-store.ts';
import { toPlain } from '../../value/value.ts';
import { exitCodeOf } from '../exit-code.ts';
import { ensureCloud } from '../sandbox-cloud.ts';
import type { Session } from '../session.ts';
import { checkPlace } from './check-place.ts';
import { rolloutReporterOf } from './reporter-of.ts';
import { configOf, ownDirectory, warn, withStore } from './state-access.ts';

export interface RolloutOptions {
  readonly config?: string;
  readonly autoApprove?: true;
  readonly json?: true;
  readonly output?: 'text' | 'json';
  readonly extraVars?: readonly string[];
}

/** The state under its lock, and the cloud. */
export interface Held {
  readonly config: Config;
  readonly cloud: Cloud;
  readonly store: StateStore;
  readonly reporter: RolloutReporter;
  readonly isJson: boolean;
  /** For verify tasks, as `-e` gives them. */
  readonly extraVars: readonly string[];
  readonly session: Session;
}

/** Does `work` with the state locked. */
export async function holding(
  operation: string,
  options: RolloutOptions,
  session: Session,
  work: (held: Held) => Promise<number>,
): Promise<number> {
  const config = configOf(options.config, session);
  const isJson = options.json === true || options.output === 'json';
  const reporter = await rolloutReporterOf(isJson, session);
  const cloud = await chooseCloud(config, () => ensureCloud(session));
  try {
    return await withStore(config, async (store) => {
      const lock = await store.lock({ operation });
      try {
        if (lock.insteadOf) warn(takenOverText(lock.insteadOf), session);
        return await work({ config, cloud, store, reporter, isJson, extraVars: options.extraVars ?? [], session });
      } finally {
        await lock.release();
      }
    });
  } catch (error) {
    throw asFault(error);
  } finally {
    cloud.close();
  }
}

/** What is to be done to bring fleets to their goals, of what is there now. */
export async function planNow(
  fleets: readonly { readonly fleet: FleetConfig; readonly goal: Goal }[],
  state: State | undefined,
  cloud: Cloud,
): Promise<Plan> {
  checkPlace(
    fleets.map(({ fleet }) => fleet),
    state,
    cloud.region,
  );
  const seen = await look({ cloud, fleets, state });
  return planOf({ fleets, state, seen, now: new Date() });
}

export interface Doing {
  readonly fleet: string;
  /** Undefined: what is under way goes on. */
  readonly plan: FleetPlan | undefined;
  readonly direction?: 'forward' | 'back';
}

/** Does plans one after the other; the first that does not end well is the last. Gives the exit code. */
export async function doAll(all: readonly Doing[], state: State | undefined, held: Held): Promise<number> {
  const { config, cloud, store, reporter, session, extraVars } = held;
  const { signal } = session;
  const directory = ownDirectory(config, session);
  mkdirSync(directory, { recursive: true });
  const before = state ?? (await first(store));
  const ledger = new Ledger(before, (next) => store.write(next));
  const planBack: PlanBack = async (fleet, release, now) => {
    const plan = now.fleets[fleet]?.rollout?.plan;
    if (!plan) throw new Error(`no rollout of ${fleet} is under way`);
    const goal: Goal = { kind: 'release', release };
    const [back] = (await planNow([{ fleet: plan.fleet, goal }], now, cloud)).fleets;
    if (!back) throw new Error(`there is no plan for ${fleet}`);
    return back;
  };
  const stop = () => {
    const message = 'Stopping: what is under way is finished, nothing new is begun.';
    reporter.emit({ type: 'warning', message, hint: 'Ctrl-C again stops at once; `rollout apply` goes on after both' });
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    for (const { fleet, plan, direction } of all) {
      const result = await runRollout({
        ...{ cloud, ledger, plan, fleet, planBack, directory, signal },
        ...(direction && { direction }),
        verify: verifyOf(plan?.fleet ?? ledger.state.fleets[fleet]?.rollout?.plan.fleet, config, extraVars),
        emit: (event) => reporter.emit(event),
      });
      const code = tell(result, held);
      if (code !== 0 || result.outcome === 'waiting') return code;
    }
    return 0;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** A state that can be changed: the ledger counts on from one that is there. */
async function first(store: StateStore): Promise<State> {
  const state = nextState(undefined, {});
  await store.write(state);
  return state;
}

function tell({ outcome, fault }: RolloutResult, { session, isJson }: Held): number {
  const show = (one: Fault) => session.screen.err(`\n${faultsText([one], session.screen)}`);
  switch (outcome) {
    case 'good':
    case 'destroyed':
    case 'waiting':
      return 0;
    case 'rolled-back':
      return 1;
    default:
      // A verdict has been told when it was passed.
      if (fault && !isJson && fault.code !== 'rollout-unhealthy') show(fault);
      return fault ? exitCodeOf([fault]) : 1;
  }
}

/** Verify tasks are told what the image's bake was told by playbake.yml, and what `-e` says. */
function verifyOf(fleet: FleetConfig | undefined, { images }: Config, given: readonly string[]): VerifyOptions {
  const playbook = fleet?.health.verify;
  const named = images.get(imageName(fleet?.image ?? ''));
  const image = [...(named ? [named] : []), ...images.values()].find((one) => one.playbook === playbook);
  if (!image) return { inventory: [], extraVars: given };
  const own = image.vars.size > 0 ? [JSON.stringify(toPlain(image.vars))] : [];
  return { inventory: image.inventory, extraVars: [...own, ...given] };
}
