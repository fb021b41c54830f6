import { diskBytes } from './disk.ts';
import type { Machine } from './machine.ts';
import { isRunning, uptimeOf } from './power.ts';
import { addressOf, type Subnet } from './subnet.ts';

export interface MachineStatus {
  readonly name: string;
  /** An IPv4 address. */
  readonly address: string;
  readonly state: 'running' | 'stopped';
  readonly uptimeSeconds?: number;
  /** What the machine has written over the base image. */
  readonly diskBytes?: number;
}

export async function statusOf(subnet: Subnet, machine: Machine): Promise<MachineStatus> {
  const uptimeSeconds = await uptimeOf(subnet, machine);
  return {
    name: machine.name,
    address: addressOf(subnet, machine.number),
    state: isRunning(subnet, machine) ? 'running' : 'stopped',
    ...(uptimeSeconds === undefined ? {} : { uptimeSeconds }),
    diskBytes: await diskBytes(machine),
  };
}
