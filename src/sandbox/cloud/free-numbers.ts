/** Which addresses of a subnet an instance can still have. */

import { LAST_HOST, LAST_MACHINE, numberAt, type Subnet } from '../subnet.ts';
import { addressText, parseCidr } from './cidr.ts';
import type { Cloud } from './cloud.ts';
import type { SubnetRecord } from './network-records.ts';
import { takenNumbers } from './taken-numbers.ts';

/** In every subnet EC2 keeps the first four addresses and the last for itself. */
const KEPT_FIRST = 4;
const KEPT_LAST = 1;

/** The numbers that machines in a subnet may have, in order, whether taken or not; none outside the sandbox's network. */
export function numbersIn(network: Subnet, { cidr }: Pick<SubnetRecord, 'cidr'>): readonly number[] {
  const own = parseCidr(cidr);
  if (own === undefined) return [];
  const start = Math.max(LAST_HOST + 1, numberAt(network, addressText(own.first + KEPT_FIRST)));
  const end = Math.min(LAST_MACHINE, numberAt(network, addressText(own.last - KEPT_LAST)));
  return Array.from({ length: Math.max(0, end - start + 1) }, (_, index) => start + index);
}

/** The numbers of a subnet that no instance has. */
export function freeNumbers({ subnet: network, store }: Cloud, subnet: SubnetRecord): readonly number[] {
  const taken = takenNumbers(store.state);
  return numbersIn(network, subnet).filter((number) => !taken.has(number));
}
