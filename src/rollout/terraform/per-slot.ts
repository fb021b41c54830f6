import { Expression, type Hcl } from './hcl.ts';

/** Something with a value for each slot. */
export interface Attribute {
  readonly name: string;
  /** Undefined: it has none there. */
  readonly values: readonly (Hcl | undefined)[];
}

export interface PerSlot {
  /** Of the resource: what all slots have alike, and `each.value.…` for the rest. */
  readonly attributes: readonly (readonly [string, Hcl])[];
  /** Of each slot: what is its own. */
  readonly own: readonly Readonly<Record<string, Hcl>>[];
}

/** @param always attributes that stand at the slots although they are alike: so that a place for them is seen. */
export function perSlot(slots: number, all: readonly Attribute[], always: readonly string[] = []): PerSlot {
  const attributes: (readonly [string, Hcl])[] = [];
  const own: Record<string, Hcl>[] = Array.from({ length: slots }, () => ({}));
  for (const { name, values } of all) {
    const texts = new Set(values.map((value) => JSON.stringify(value ?? null)));
    const [first] = values;
    if (texts.size === 1 && !always.includes(name)) {
      if (first !== undefined) attributes.push([name, first]);
      continue;
    }
    for (const [index, slot] of own.entries()) slot[name] = values[index] ?? null;
    attributes.push([name, new Expression(`each.value.${name}`)]);
  }
  return { attributes, own };
}
