import type { Term } from '../value/term.ts';
import { Tuple } from '../value/value.ts';

/** What `groupby` answers with: a pair of the key and the items, by position or by name. */
export class Group extends Tuple {
  attribute(name: string): Term | undefined {
    if (name === 'grouper') return this[0];
    return name === 'list' ? this[1] : undefined;
  }
}

export function groupOf(key: Term, items: readonly Term[]): readonly Term[] {
  const group: Term[] = new Group();
  group.push(key, items);
  return group;
}
