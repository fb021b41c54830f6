/** What goes wrong inside a template. The public doors turn it into a Fault with its place. */

import type { Where } from '../fault.ts';

export type FailureCode = 'template-syntax' | 'template-undefined' | 'template-error';

/** The template that failed and where it stands. */
export interface Origin {
  readonly template: string;
  readonly where: Where | undefined;
  /** Where `where.text` is the file that the template is part of: the template's offset in it. */
  readonly offset?: number;
}

export interface Missing {
  readonly name: string;
  /** What was there instead. Default: the variables in sight. */
  readonly among?: () => Iterable<string>;
}

export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: FailureCode;
  /** Character offset in the template. */
  position: number | undefined;
  /** The innermost template it happened in. */
  origin: Origin | undefined;
  /** What to do now. */
  hint: string | undefined;
  /** The variable or key that is missing, for "did you mean". */
  readonly missing: Missing | undefined;
  /** The variable whose template failed, where that stands in no file. */
  through: string | undefined;

  constructor(code: FailureCode, message: string, position?: number, missing?: Missing) {
    super(message);
    this.code = code;
    this.position = position;
    this.missing = missing;
  }

  /** The same at another place. */
  at(origin: Origin, position: number): Failure {
    const moved = new Failure(this.code, this.message, position, this.missing);
    moved.origin = origin;
    moved.hint = this.hint;
    moved.through = this.through;
    return moved;
  }
}

export function syntaxFailure(message: string, position: number): Failure {
  return new Failure('template-syntax', message, position);
}

/** An error of a filter, test or lookup that is about something undefined. */
export function undefinedFailure(message: string): Failure {
  return new Failure('template-undefined', message);
}
