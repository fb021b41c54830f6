/** From a failure in a template to a Fault with its place in a file. */

import { Fault, type Where } from '../fault.ts';
import { near } from '../value/near.ts';
import { Source } from '../value/source.ts';
import { Failure, type Origin } from './failure.ts';

/** The Fault of a failure; anything else that was thrown is returned untouched. `names` are the variables in sight. */
export function toFault(error: unknown, names: () => Iterable<string>): unknown {
  if (!(error instanceof Failure)) return error;
  return new Fault(error.code, error.message, { where: placeOf(error), hint: hintOf(error, names) });
}

function hintOf({ hint, missing, through }: Failure, names: () => Iterable<string>): string | undefined {
  const [nearest] = missing ? near(missing.name, (missing.among ?? names)()) : [];
  const hints = [
    hint ?? (nearest === undefined ? undefined : `did you mean '${nearest}'?`),
    through === undefined ? undefined : `the variable '${through}' reads it`,
  ].filter((text) => text !== undefined);
  return hints.length === 0 ? undefined : hints.join('; ');
}

/** The place of a failure: as near as the origin of its template lets it be found. */
function placeOf({ origin, position = 0 }: Failure): Where | undefined {
  if (!origin?.where) return undefined;
  const { where, template, offset } = origin;
  if (where.text === undefined) return where;
  const source = new Source(where.file, where.text);
  if (offset !== undefined) return source.at(Math.min(offset + position, where.text.length));
  const found = findInSource(where, origin, Math.min(position, template.length));
  return found === undefined ? where : source.at(found);
}

/**
 * The offset in the file of an offset in a template that stands in it as a YAML text: quoting, indentation and folding
 * lie between the two, so that the line of the template is looked for in the file.
 */
function findInSource(
  { text = '', line, column = 1 }: Where,
  { template }: Origin,
  position: number,
): number | undefined {
  if (line === undefined) return undefined;
  const start = lineStart(text, line) + column - 1;
  for (const [from, to] of surroundings(template, position)) {
    const piece = template.slice(from, to);
    const found = piece.trim() === '' ? -1 : text.indexOf(piece, start);
    const limit = start + 2 * template.length + 400;
    if (found >= 0 && found <= limit) return found + position - from;
  }
  return undefined;
}

/** Pieces of a template around an offset, the longest first: its line, the expression in it, what follows in the line. */
function surroundings(template: string, position: number): readonly (readonly [from: number, to: number])[] {
  const begin = template.lastIndexOf('\n', position - 1) + 1;
  const newline = template.indexOf('\n', position);
  const end = newline < 0 ? template.length : newline;
  const opening = Math.max(template.lastIndexOf('{{', position), template.lastIndexOf('{%', position), begin);
  const closing = /[}%]\}/.exec(template.slice(position, end));
  const stop = closing ? position + closing.index : end;
  // Escapes in quoted YAML begin with a backslash or stand for a quote.
  const plain = /^[^"'\\]*/.exec(template.slice(position, stop))?.[0].length ?? 0;
  return [
    [begin, end],
    [opening, stop],
    [position, stop],
    [position, plain < 3 ? position : position + plain],
  ];
}

function lineStart(text: string, line: number): number {
  let start = 0;
  for (let at = 1; at < line; at++) {
    const newline = text.indexOf('\n', start);
    if (newline < 0) return start;
    start = newline + 1;
  }
  return start;
}
