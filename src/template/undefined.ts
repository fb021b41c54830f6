import { Foreign, type Term } from '../value/term.ts';
import { Failure, type Missing, type Origin } from './failure.ts';

export interface UndefinedOptions {
  readonly position?: number;
  /** The template that it was looked up in. */
  readonly origin?: Origin;
  readonly missing?: Missing;
  /** Prints as nothing and is false instead of failing: an inline `if` without `else`. */
  readonly lenient?: boolean;
}

/** A variable, attribute or item that is not there. It fails when it is used, and `default` and `is defined` see it. */
export class Undefined extends Foreign {
  readonly typeName = 'Undefined';
  readonly hint: string;
  readonly lenient: boolean;
  readonly #failure: () => Failure;

  constructor(hint: string, { position, origin, missing, lenient = false }: UndefinedOptions = {}) {
    super();
    this.hint = hint;
    this.lenient = lenient;
    this.#failure = () => {
      const failure = new Failure('template-undefined', hint, position, missing);
      failure.origin = origin;
      return failure;
    };
  }

  /** The value of a variable whose own template read something undefined. */
  static from(failure: Failure): Undefined {
    return new Broken(failure);
  }

  failure(): Failure {
    return this.#failure();
  }

  /** What stands in no file is placed where it is read. */
  readAt(_origin: Origin, _position: number): Undefined {
    return this;
  }

  override demand(): never {
    throw this.failure();
  }

  override text(): string {
    throw this.failure();
  }

  override truthy(): boolean {
    if (this.lenient) return false;
    throw this.failure();
  }

  override equals(_other: Term): boolean {
    throw this.failure();
  }
}

class Broken extends Undefined {
  readonly #cause: Failure;

  constructor(cause: Failure) {
    super(cause.message);
    this.#cause = cause;
  }

  override failure(): Failure {
    return this.#cause;
  }

  override readAt(origin: Origin, position: number): Undefined {
    return this.#cause.origin?.where ? this : new Broken(this.#cause.at(origin, position));
  }
}
