/** The addresses and names that instances have beside their private address. */

import type { InstanceRecord } from './instance-record.ts';

/** As on EC2, only what is up has a public address; it is the one that this machine reaches it by. */
export function publicAddressOf({ address, hasPublicAddress, state }: InstanceRecord): string | undefined {
  return hasPublicAddress === true && (state === 'running' || state === 'pending') ? address : undefined;
}

/** The internal name that EC2's resolver gives an address. */
export function privateNameOf(address: string, region: string): string {
  const domain = region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`;
  return `ip-${address.replaceAll('.', '-')}.${domain}`;
}
