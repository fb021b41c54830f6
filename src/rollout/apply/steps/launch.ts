/** Launches the slot's new instance; the one that was there is deposed. */

import type { RunInstancesCommandInput } from '@aws-sdk/client-ec2';
import { isEnding } from '../../../cloud/instance-state.ts';
import { tagged } from '../../../cloud/tags.ts';
import { Fault } from '../../../fault.ts';
import type { Settings } from '../../settings.ts';
import type { SlotState } from '../../state/state.ts';
import { tagsOf } from '../tags.ts';
import { clientToken } from '../token.ts';
import type { StepKind, Work } from '../work.ts';

export const launch: StepKind = {
  title: 'Creating',
  begin: (slot, { plan, change, slotIndex }) => {
    const token = clientToken(plan.rollout, slotIndex);
    if (slot.current?.token === token || !change.after) return slot;
    const deposed = slot.current ? [...slot.deposed, slot.current] : slot.deposed;
    return { ...slot, deposed, current: { token, settings: change.after, inService: false } };
  },
  async perform(work) {
    const { token, settings, id } = wanted(work.slot());
    if (id !== undefined) return undefined;
    // A token is remembered for some hours only, the instance for as long as it is there.
    const there = work.again ? await work.sightings.launched(token) : undefined;
    const found = (there && !isEnding(there) && there.InstanceId) || (await run(token, settings, work));
    return (slot) => (slot.current?.token === token ? { ...slot, current: { ...slot.current, id: found } } : slot);
  },
};

function wanted({ current }: SlotState) {
  if (!current) throw new Error('nothing is to be launched');
  return current;
}

async function run(token: string, settings: Settings, { cloud, plan, slotIndex }: Work): Promise<string> {
  const tags = tagsOf({ fleet: plan.fleet.name, slot: slotIndex, rollout: plan.rollout }, settings.tags);
  const { Instances: [instance] = [] } = await cloud.ec2().runInstances({
    ImageId: settings.imageId,
    MinCount: 1,
    MaxCount: 1,
    ClientToken: token,
    InstanceType: typeOf(settings),
    TagSpecifications: tagged(['instance', 'volume', 'network-interface'], tags),
    ...network(settings),
    ...(settings.keyName !== undefined && { KeyName: settings.keyName }),
    ...(settings.userData !== undefined && { UserData: Buffer.from(settings.userData).toString('base64') }),
    ...(settings.iamProfile !== undefined && { IamInstanceProfile: profileOf(settings.iamProfile) }),
  });
  if (instance?.InstanceId === undefined) throw new Fault('cloud-refused', 'RunInstances gave no instance');
  return instance.InstanceId;
}

/** The SDK lists the types that it knew when it was made; EC2 has more. */
function typeOf({ instanceType }: Settings): NonNullable<RunInstancesCommandInput['InstanceType']> {
  return instanceType as NonNullable<RunInstancesCommandInput['InstanceType']>;
}

/** A public address must be asked for together with all else about the network. */
function network({ subnetId, securityGroupIds, publicAddress }: Settings): Partial<RunInstancesCommandInput> {
  const groups = [...securityGroupIds];
  if (publicAddress === undefined) return { SubnetId: subnetId, SecurityGroupIds: groups };
  const way = { DeviceIndex: 0, SubnetId: subnetId, Groups: groups, AssociatePublicIpAddress: publicAddress };
  return { NetworkInterfaces: [way] };
}

function profileOf(name: string): { Arn: string } | { Name: string } {
  return name.startsWith('arn:') ? { Arn: name } : { Name: name };
}
