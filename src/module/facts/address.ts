import type { Plain } from '../../value/value.ts';

export interface Address {
  readonly device: string;
  readonly family: 4 | 6;
  readonly address: string;
  readonly prefix: string;
  readonly broadcast: string;
  readonly scope: string;
  /** The interface or an alias of it, such as `eth0:1`. */
  readonly label: string;
  readonly secondary: boolean;
}

export type Fields = { [name: string]: Plain };

/** An IPv4 address as a number. */
export function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

export function dotted(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
}
