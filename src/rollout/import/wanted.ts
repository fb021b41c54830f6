/** What is to be adopted, as a user says it: `web i-1 i-2`, `web[2]=i-1`, `fleet.web[2] i-1`. */

import { Fault } from '../../fault.ts';

export interface Wanted {
  readonly fleet: string;
  /** Undefined: the one that its tags name, or the first free one. */
  readonly slot: number | undefined;
  readonly id: string;
}

export interface ImportWords {
  /** Of which all that bears the tag is wanted. */
  readonly fleets: readonly string[];
  readonly wanted: readonly Wanted[];
}

const SLOT = /^(?:fleet\.)?([A-Za-z0-9][-\w.]*)\[(0|[1-9]\d*)\](?:=(.*))?$/;
const INSTANCE = /^i-[0-9a-f]{8,17}$/;

/** Throws `option-invalid`. */
export function parseImportWords(words: readonly string[]): ImportWords {
  const fleets: string[] = [];
  const wanted: Wanted[] = [];
  let fleet: string | undefined;
  let slot: number | undefined;
  for (const word of words) {
    const [, name, number, id] = SLOT.exec(word) ?? [];
    if (name !== undefined && number !== undefined && id !== undefined) {
      wanted.push({ fleet: name, slot: Number(number), id: instanceOf(id) });
    } else if (name !== undefined && number !== undefined) {
      if (slot !== undefined) throw lacking(fleet, slot);
      fleet = name;
      slot = Number(number);
    } else if (word.startsWith('i-') && fleet !== undefined) {
      wanted.push({ fleet, slot, id: instanceOf(word) });
      slot = undefined;
    } else {
      if (slot !== undefined) throw lacking(fleet, slot);
      fleet = word.replace(/^fleet\./, '');
      fleets.push(fleet);
    }
  }
  if (slot !== undefined) throw lacking(fleet, slot);
  return { fleets: fleets.filter((name) => !wanted.some((one) => one.fleet === name)), wanted };
}

function instanceOf(id: string): string {
  if (INSTANCE.test(id)) return id;
  throw new Fault('option-invalid', `"${id}" is no id of an instance`, { hint: 'such as i-0123456789abcdef0' });
}

function lacking(fleet: string | undefined, slot: number): Fault {
  const address = `${fleet}[${slot}]`;
  return new Fault('option-invalid', `no instance is named for ${address}`, { hint: `write  ${address}=i-…` });
}
