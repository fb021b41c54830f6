/** `fleet.web[0]`, a slot, and `fleet.web`, a fleet: how Terraform would call them. */

import { Fault } from '../../fault.ts';

export interface Address {
  readonly fleet: string;
  /** Undefined: the whole fleet. */
  readonly slot: number | undefined;
}

/** Throws `option-invalid`. */
export function parseAddress(text: string): Address {
  const [, fleet, slot] = /^fleet\.([A-Za-z0-9][-\w.]*)(?:\[(0|[1-9]\d*)\])?$/.exec(text) ?? [];
  if (fleet === undefined) {
    throw new Fault('option-invalid', `"${text}" is no address`, {
      hint: 'an address is fleet.NAME, or fleet.NAME[SLOT], in quotes where your shell wants that; `rollout state list` shows them',
    });
  }
  return { fleet, slot: slot === undefined ? undefined : Number(slot) };
}

export function addressOf({ fleet, slot }: Address): string {
  return slot === undefined ? `fleet.${fleet}` : `fleet.${fleet}[${slot}]`;
}
