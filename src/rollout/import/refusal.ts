import { FLEET_TAG } from '../apply/tags.ts';
import { addressOf } from '../state/address.ts';
import { instancesOf, slotsOf } from '../state/find-slots.ts';
import type { State } from '../state/state.ts';
import type { Seen } from './look-at.ts';
import type { Wanted } from './wanted.ts';

export interface Refusal {
  readonly message: string;
  readonly hint?: string;
}

/** Why an instance cannot be adopted, or undefined. @param seen undefined: it is not there. */
export function refusal(
  { fleet, id }: Wanted,
  seen: Seen | undefined,
  state: State | undefined,
  region: string,
): Refusal | undefined {
  const status = seen?.instance.State?.Name;
  if (!seen || status === 'terminated' || status === 'shutting-down') {
    return { message: `there is no instance ${id} in ${region}`, hint: 'see region: in playbake.yml' };
  }
  if (status !== 'running') {
    return { message: `the instance ${id} is ${status}`, hint: 'start it, and import it when it runs' };
  }
  const has = state && slotsOf(state).find((slot) => instancesOf(slot.state).includes(id));
  if (has) {
    const hint = '`rollout state mv` gives a slot another address';
    return { message: `the instance ${id} is in the state already, as ${addressOf(has)}`, hint };
  }
  const tag = (key: string) => seen.instance.Tags?.find(({ Key }) => Key === key)?.Value;
  const other = tag(FLEET_TAG);
  if (other !== undefined && other !== fleet) {
    const hint = `import it into ${other}, or remove its tag ${FLEET_TAG} when no state has it any more`;
    return { message: `the instance ${id} belongs to the fleet ${other}`, hint };
  }
  const group = tag('aws:autoscaling:groupName');
  if (group !== undefined) {
    const hint = 'detach it from there first (`aws autoscaling detach-instances`), or the group would replace it';
    return { message: `the instance ${id} belongs to the Auto Scaling group ${group}`, hint };
  }
  return undefined;
}
