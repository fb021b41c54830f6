/** The faults of plans that cannot keep their promise. */

import type { Amounts } from '../../config/amounts.ts';
import type { FleetConfig } from '../../config/fleet.ts';
import { Fault, type Where } from '../../fault.ts';
import { whereOf } from '../../value/source.ts';
import type { FleetSeen } from '../look/seen.ts';
import type { FleetState, Release } from '../state/state.ts';
import type { Model } from './model/model.ts';
import type { Flaw } from './model/prove.ts';
import type { Counts } from './model/schedule.ts';
import { totals } from './model/walk.ts';
import type { Change } from './plan.ts';

/** Nothing can be done any more without falling below the promise. */
export function refusedStuck(fleet: FleetConfig, amounts: Amounts, model: Model, counts: Counts): Fault {
  const { name, strategy } = fleet;
  const { count, surge, unavailable } = amounts;
  const moves = [...counts.keys()].some((one) => model.slot(one).moves);
  if (moves && unavailable === 0) {
    const why = 'a data volume lets go of one instance before the next one has it, so that one is missed meanwhile';
    const asked = strategy.type === 'blue_green' ? 'strategy.type: blue_green' : 'strategy.max_unavailable: 0';
    return new Fault('plan-refused', `fleet ${name}: ${why}, and ${asked} lets none be missed`, {
      where: placeOf(fleet, strategy.type === 'blue_green' ? 'type' : 'max_unavailable'),
      hint:
        strategy.type === 'blue_green'
          ? 'write type: rolling with max_unavailable: 1, or keep data elsewhere'
          : 'write max_unavailable: 1',
    });
  }
  const { served } = totals(model, counts);
  return new Fault(
    'plan-refused',
    `fleet ${name}: ${served} of ${count} are in service; nothing can be replaced with at least ${count - unavailable} in service and at most ${count + surge} there`,
    {
      where: placeOf(fleet, 'max_unavailable'),
      hint: 'mend those that are not in service, or write a higher max_surge or max_unavailable for this rollout',
    },
  );
}

/** A failure is thinkable after which the promise would be broken. */
export function refusedFlaw(fleet: FleetConfig, { count }: Amounts, flaw: Flaw): Fault {
  const { phase, loss, problem, found, promised } = flaw;
  const step = phase === undefined ? 'a rollout is stopped' : `"${phase.split(' ')[0]}" fails`;
  const when = loss === undefined ? `when ${step}` : `when an instance ${loss} just as ${step}`;
  const what = {
    capacity: `${found} of ${count} would be in service on the way back, and ${promised} are promised`,
    instances: `${found} instances would be there on the way back, and at most ${promised} are promised`,
    stuck: `there would be no way back with ${promised} of ${count} in service`,
    unfinished: `the way back would leave ${found} of ${count} unfinished`,
  }[problem];
  return new Fault('plan-refused', `fleet ${fleet.name}: ${when}, ${what}`, {
    where: placeOf(fleet, 'max_unavailable'),
    hint: 'write a higher max_surge or max_unavailable, or auto_rollback: false',
  });
}

/** Throws `image-missing` where instances of an earlier release would have to be launched, and its image is gone. */
export function refuseLost(fleet: FleetConfig, { image }: Release, changes: readonly Change[], seen: FleetSeen): void {
  const launched = changes.filter(({ action }) => action === 'create' || action === 'replace');
  if (launched.length === 0 || seen.images.has(image.id)) return;
  const message = `fleet ${fleet.name}: ${image.name} (${image.id}) cannot be launched any more`;
  throw new Fault('image-missing', message, {
    where: whereOf(fleet, 'image'),
    hint: '`rollout history` shows other releases; `rollout apply` brings what playbake.yml says',
  });
}

/** What one engine has made, another cannot take over: an Auto Scaling group keeps only instances of its own. */
export function mustBeSameEngine(fleet: FleetConfig, state: FleetState | undefined): void {
  if (state === undefined || state.engine === fleet.engine || Object.keys(state.slots).length === 0) return;
  throw new Fault('plan-refused', `fleet ${fleet.name} has instances of engine: ${state.engine}`, {
    where: whereOf(fleet, 'engine') ?? whereOf(fleet),
    hint: `give it another name and let this one go (\`rollout destroy ${fleet.name}\`), or write engine: ${state.engine}`,
  });
}

function placeOf(fleet: FleetConfig, key: string): Where | undefined {
  return whereOf(fleet.strategy, key) ?? whereOf(fleet, 'strategy') ?? whereOf(fleet);
}
