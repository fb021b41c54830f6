/** `rollout destroy [FLEET...]`: all instances of fleets go. */

import { parseOptions } from '../parse-options.ts';
import type { Verb } from '../session.ts';
import { approved } from './approve.ts';
import { fleetsMeant } from './fleets-meant.ts';
import { rolloutCommand } from './rollout-command.ts';
import { doAll, holding, planNow, type RolloutOptions } from './rollout-session.ts';
import { showPlan } from './show-plan.ts';
import { withTwoDashes } from './two-dashes.ts';

export const destroy: Verb = async (args, session) => {
  const command = rolloutCommand(
    'destroy',
    '[FLEET...]',
    'Drains and terminates all instances of all fleets, or of these. Data volumes are kept.',
  );
  if (!parseOptions(command, withTwoDashes(command, args), session.screen.out)) return 0;
  const options = command.opts<RolloutOptions>();
  return holding('destroy', options, session, async (held) => {
    const { config, store, cloud } = held;
    const state = await store.read();
    const fleets = fleetsMeant(config, state, command.args, true);
    const plan = await planNow(
      fleets.map((fleet) => ({ fleet, goal: { kind: 'destroy' } })),
      state,
      cloud,
    );
    showPlan(plan, held);
    const busy = plan.fleets.filter(({ batches }) => batches.length > 0);
    if (busy.length === 0) return 0;
    if (!(await approved('Do you really want to destroy all of this?', options, held))) {
      session.screen.out('\nDestroy cancelled.\n');
      return 1;
    }
    return doAll(
      busy.map((one) => ({ fleet: one.fleet.name, plan: one })),
      state,
      held,
    );
  });
};
