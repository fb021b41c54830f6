/** An instance, and whether there is still something to hope for. */

import type { EC2, Instance } from '@aws-sdk/client-ec2';
import { Fault } from '../fault.ts';

export async function describeInstance(ec2: EC2, id: string): Promise<Instance | undefined> {
  const { Reservations = [] } = await ec2.describeInstances({ InstanceIds: [id] });
  return Reservations.flatMap(({ Instances = [] }) => Instances)[0];
}

/** The fault of an instance that has ended while it was needed, with EC2's own reason. */
export function lostInstance(id: string, { State, StateReason, StateTransitionReason }: Instance): Fault {
  const reason = StateReason?.Message ?? StateTransitionReason ?? '';
  return new Fault('cloud-lost', `the instance ${id} is ${State?.Name ?? 'gone'}${reason && `: ${reason}`}`, {
    hint: 'somebody or something ended it: see CloudTrail, the limits of the account, the encryption key of its disk',
  });
}

export function isEnding({ State }: Instance): boolean {
  return State?.Name === 'terminated' || State?.Name === 'shutting-down';
}
