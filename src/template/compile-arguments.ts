import { itemsOf } from '../value/iterate.ts';
import { PythonError } from '../value/python-error.ts';
import { isTermDict, type Term } from '../value/term.ts';
import { str } from '../value/text.ts';
import type { Argument } from './ast.ts';
import { type Named, NO_NAMED } from './callable.ts';
import { compileExpression } from './compile-expression.ts';
import type { Frame } from './frame.ts';

export interface Given {
  readonly positional: readonly Term[];
  readonly named: Named;
}

const NOTHING: Given = { positional: [], named: NO_NAMED };

/** The arguments of a call, evaluated from left to right. */
export function compileArguments(list: readonly Argument[]): (frame: Frame) => Given {
  if (list.length === 0) return () => NOTHING;
  const parts = list.map((argument) => ({ ...argument, evaluate: compileExpression(argument.value) }));
  if (parts.every(({ name, spread }) => name === undefined && spread === undefined)) {
    return (frame) => ({ positional: parts.map(({ evaluate }) => evaluate(frame)), named: NO_NAMED });
  }
  return (frame) => {
    const positional: Term[] = [];
    const named = new Map<string, Term>();
    for (const { name, spread, evaluate } of parts) {
      const term = evaluate(frame);
      if (spread === 'list') for (const item of itemsOf(term)) positional.push(item);
      else if (spread === 'dict') addAll(named, term);
      else if (name !== undefined) named.set(name, term);
      else positional.push(term);
    }
    return { positional, named };
  };
}

function addAll(named: Map<string, Term>, term: Term): void {
  if (!isTermDict(term)) throw new PythonError('what follows ** must be a dictionary');
  for (const [key, item] of term) named.set(str(key), item);
}
