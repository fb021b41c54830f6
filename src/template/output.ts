/** How the pieces that a template puts out become one value. */

import { sameKind } from '../value/arithmetic.ts';
import { isTermDict, isTermList, type Term } from '../value/term.ts';
import { str } from '../value/text.ts';
import { Undefined } from './undefined.ts';

/** A piece as text: None and an inline `if` without `else` print as nothing. */
export function pieceText(piece: Term): string {
  if (typeof piece === 'string') return piece;
  return piece === null || (piece instanceof Undefined && piece.lenient) ? '' : str(piece);
}

export function joinText(pieces: readonly Term[]): string {
  let text = '';
  for (const piece of pieces) text += pieceText(piece);
  return text;
}

/** Lists and dictionaries anew, deep; anything else as it is. */
export function copyOf(term: Term): Term {
  if (isTermDict(term)) return new Map(Array.from(term, ([key, item]) => [key, copyOf(item)]));
  return isTermList(term) ? sameKind(term, Array.from(term, copyOf)) : term;
}

/** Native types: one piece keeps its type, several become text. Nothing at all is `empty`. */
export function joinNative(pieces: readonly Term[], empty: Term): Term {
  const filled = pieces.filter((piece) => piece !== '' && piece !== null);
  if (filled.length > 1) return joinText(filled);
  const [only] = filled;
  if (only !== undefined) return only;
  return pieces.length > 0 && pieces.every((piece) => piece === '') ? '' : empty;
}
