import type { Instance } from '@aws-sdk/client-ec2';
import type { FleetConfig } from '../../../config/fleet.ts';

/** Where this machine reaches an instance: the one that `ssh.address` names, else the public one where it has one by wish. */
export function addressOf(instance: Instance, { ssh, publicAddress }: FleetConfig): string | undefined {
  const { PublicIpAddress: open, PrivateIpAddress: own } = instance;
  const wanted = ssh?.address ?? (publicAddress ? 'public' : 'private');
  return (wanted === 'public' ? open || undefined : undefined) ?? own;
}
