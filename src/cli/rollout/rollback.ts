/** `rollout rollback [TO]`: back to an earlier release. */

import { Images } from '../../bake/images.ts';
import type { Cloud } from '../../cloud/cloud.ts';
import type { FleetConfig } from '../../config/fleet.ts';
import { Fault } from '../../fault.ts';
import { imageText } from '../../report/rollout-lines.ts';
import { earlierRelease, releaseMeant } from '../../rollout/apply/release-meant.ts';
import type { FleetState, Release } from '../../rollout/state/state.ts';
import { parseOptions } from '../parse-options.ts';
import type { Verb } from '../session.ts';
import { approved } from './approve.ts';
import { fleetsMeant } from './fleets-meant.ts';
import { rolloutCommand } from './rollout-command.ts';
import { doAll, type Held, holding, planNow, type RolloutOptions } from './rollout-session.ts';
import { showPlan } from './show-plan.ts';
import { stateIn } from './state-access.ts';
import { withTwoDashes } from './two-dashes.ts';

const HELP = `
FLEET may be left out where there is one. TO is the id or the name of an image, NAME:CHANNEL, or the id of a rollout (\`rollout history\` lists them). By default it is the
release before the one that is there; of a rollout that is under way, the one that was good before it.`;

export const rollback: Verb = async (args, session) => {
  const command = rolloutCommand(
    'rollback',
    '[TO]',
    'Brings a fleet back to an earlier release, by the strategy of the fleet.',
  ).addHelpText('after', HELP);
  if (!parseOptions(command, withTwoDashes(command, args), session.screen.out)) return 0;
  const options = command.opts<RolloutOptions>();
  return holding('rollback', options, session, (held) => goBack(command.args, options, held));
};

async function goBack(words: readonly string[], options: RolloutOptions, held: Held): Promise<number> {
  const { config, store, cloud } = held;
  const isNamed = words[0] !== undefined && config.fleets.has(words[0]);
  const [to, extra] = isNamed ? words.slice(1) : words;
  if (extra !== undefined) throw new Fault('option-invalid', `rollout rollback does not take "${extra}"`);
  const state = await stateIn(store);
  const fleet = oneOf(fleetsMeant(config, state, isNamed ? words.slice(0, 1) : [], false));
  const there = state.fleets[fleet.name];
  if (!there) throw new Fault('rollout-refused', `nothing was ever rolled out to ${fleet.name}`);
  if (there.rollout?.direction === 'back') {
    throw new Fault('rollout-refused', `${fleet.name} is on its way back already`, {
      hint: '`rollout apply` goes on with it',
    });
  }
  const release = await meant(to, there, fleet, cloud);
  const plan = await planNow([{ fleet, goal: { kind: 'release', release } }], state, cloud);
  showPlan(plan, held);
  const [one] = plan.fleets;
  const isUnderWay = there.rollout !== undefined;
  if (!one || (one.batches.length === 0 && !isUnderWay)) return 0;
  if (!(await approved(`Do you want to go back to ${imageText(release.image)}?`, options, held))) {
    held.session.screen.out('\nRollback cancelled.\n');
    return 1;
  }
  return doAll([{ fleet: fleet.name, plan: one, direction: 'back' }], state, held);
}

function oneOf(fleets: readonly FleetConfig[]): FleetConfig {
  const [fleet, other] = fleets;
  if (fleet && !other) return fleet;
  throw new Fault('option-invalid', `playbake.yml has several fleets: ${fleets.map(({ name }) => name).join(', ')}`, {
    hint: 'name one of them: `rollout rollback FLEET`',
  });
}

async function meant(to: string | undefined, there: FleetState, fleet: FleetConfig, cloud: Cloud): Promise<Release> {
  if (to === undefined) return earlierRelease(fleet.name, there);
  const known = releaseMeant(to, there);
  if (known) return known;
  const { id, name } = await new Images(cloud.ec2(), cloud.region).find(to);
  const like = there.good ?? there.history.at(-1);
  if (!like) throw new Fault('rollout-refused', `nothing was ever rolled out to ${fleet.name}`);
  const settings = { ...like.settings, imageId: id, imageName: name };
  return { ...like, image: { id, name }, settings };
}
