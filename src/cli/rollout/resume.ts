/** Rollouts that were stopped go on where they were. */

import type { FleetConfig } from '../../config/fleet.ts';
import { Fault } from '../../fault.ts';
import { whereText } from '../../report/rollout-where.ts';
import { rolloutStatus } from '../../rollout/apply/status.ts';
import type { RolloutState, State } from '../../rollout/state/state.ts';
import { approved } from './approve.ts';
import { doAll, type Held, type RolloutOptions } from './rollout-session.ts';
import { warn } from './state-access.ts';

/** Gives the exit code. Throws `rollout-refused` where the rollout is of another region than the cloud. */
export async function resumeAll(
  fleets: readonly FleetConfig[],
  state: State,
  options: RolloutOptions,
  held: Held,
): Promise<number> {
  const { session, isJson, cloud } = held;
  const say = isJson ? session.screen.err : session.screen.out;
  for (const fleet of fleets) {
    const there = state.fleets[fleet.name];
    if (!there?.rollout) continue;
    if (there.region !== cloud.region) {
      throw new Fault(
        'rollout-refused',
        `the rollout of ${fleet.name} is in ${there.region}, and this is ${cloud.region}`,
        {
          hint: 'name the playbake.yml that it was begun with: --config',
        },
      );
    }
    say(`${whereText(fleet.name, rolloutStatus(there.rollout))}\n`);
    if (isOtherwise(fleet, there.rollout)) {
      const then = 'it goes on as it was planned; after that, `rollout apply` brings what playbake.yml says by now';
      warn(`playbake.yml says something else of ${fleet.name} than when this was planned: ${then}`, session);
    }
  }
  if (!(await approved('Do you want to go on with it?', options, held))) {
    say('\nApply cancelled. `rollout rollback` goes back to the release that was good last.\n');
    return 1;
  }
  return doAll(
    fleets.map(({ name }) => ({ fleet: name, plan: undefined })),
    state,
    held,
  );
}

/** A plan is kept as JSON, which has no undefined. */
function isOtherwise(fleet: FleetConfig, { plan }: RolloutState): boolean {
  return JSON.stringify(sorted(JSON.parse(JSON.stringify(fleet)))) !== JSON.stringify(sorted(plan.fleet));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => [key, sorted(member)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
