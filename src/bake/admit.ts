/** Lets SSH through a temporary security group, from our own address only. */

import { codeOf } from '../cloud/cloud-error.ts';
import { onceKnown } from '../cloud/once-known.ts';
import { Fault } from '../fault.ts';
import { isPrivateAddress, ownAddressTowards } from './own-address.ts';
import type { Work } from './work.ts';

/** @param address of the machine. Gives who is let in. Throws `config-invalid` where our own address cannot be known. */
export async function admit(groupId: string, address: string, work: Work): Promise<string> {
  const cidr = work.request.sshFrom ?? `${await ownAddress(address)}/32`;
  const permission = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: cidr, Description: 'bake' }] };
  const input = { GroupId: groupId, IpPermissions: [permission] };
  await onceKnown(() => work.cloud.ec2().authorizeSecurityGroupIngress(input), work).catch((error: unknown) => {
    if (codeOf(error) !== 'InvalidPermission.Duplicate') throw error;
  });
  return cidr;
}

async function ownAddress(target: string): Promise<string> {
  const own = await ownAddressTowards(target);
  if (!isPrivateAddress(own) || isPrivateAddress(target)) return own;
  throw new Fault(
    'config-invalid',
    `this machine reaches ${target} through a translated address, which it cannot know`,
    {
      hint: 'give it with --from-cidr or ssh_from:, such as 203.0.113.7/32 (any "what is my address" page tells it)',
    },
  );
}
