/** What a syntax tree calls. */

import { CHANGING } from './methods/methods.ts';
import { contains } from './reads-name.ts';

export interface Call {
  readonly kind: 'filter' | 'test';
  readonly name: string;
  /** Offset in the template. */
  readonly position: number;
}

export interface Survey {
  /** Whether it calls methods that change lists or dictionaries in place. */
  readonly changes: boolean;
  /** Filters and tests by name, in the order of the text. */
  readonly calls: readonly Call[];
}

export function survey(trees: readonly unknown[]): Survey {
  const calls: Call[] = [];
  let changes = false;
  contains(trees, ({ kind, name, position }) => {
    if (typeof name !== 'string') return false;
    if (kind === 'attribute') changes ||= CHANGING.has(name);
    else if (kind === 'filter' || kind === 'test') calls.push({ kind, name, position: Number(position ?? 0) });
    return false;
  });
  return { changes, calls: calls.sort((a, b) => a.position - b.position) };
}
