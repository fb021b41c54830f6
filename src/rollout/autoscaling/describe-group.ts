import type { AutoScaling, AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import { Fault } from '../../fault.ts';
import { FLEET_TAG } from '../apply/tags.ts';
import { groupName } from './names.ts';

/** The group of a fleet, where there is one. Throws `plan-refused` where somebody else's has its name. */
export async function describeGroup(scaling: AutoScaling, fleet: string): Promise<AutoScalingGroup | undefined> {
  const name = groupName(fleet);
  const { AutoScalingGroups: [group] = [] } = await scaling.describeAutoScalingGroups({
    AutoScalingGroupNames: [name],
  });
  if (group === undefined) return undefined;
  const owner = group.Tags?.find(({ Key }) => Key === FLEET_TAG)?.Value;
  if (owner === fleet) return group;
  throw new Fault('plan-refused', `there is an Auto Scaling group ${name} that is not of fleet ${fleet}`, {
    hint: `name the fleet otherwise; or, if it is of the fleet, tag it:  ${FLEET_TAG} = ${fleet}`,
  });
}
