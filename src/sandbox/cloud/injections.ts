/** What the sandbox was told to do wrong, so that clients can be tried on it. Kept beside the state. */

import { textOf, writeWhole } from '../files.ts';
import { ApiError } from './protocol/api-error.ts';

/** Lets the calls of an action (`*`: of all) go wrong. */
export interface Failure {
  readonly action: string;
  /** Of the calls that match, counted from when this was told: the first, the third … Every one where it is absent. */
  readonly call?: number;
  /** Every so many of the calls that match. */
  readonly every?: number;
  /**
   * `error` refuses the call, `lost` does it and cuts the connection before the answer, `crash` ends the server before
   * the call is done, `crash-after` when it is done and before the answer.
   */
  readonly how: 'error' | 'lost' | 'crash' | 'crash-after';
  readonly code: string;
  readonly message: string;
  /** The status of the HTTP answer. */
  readonly status: number;
}

export interface Injections {
  /** By how many milliseconds what calls see is older than what is. */
  readonly consistencyDelay: number;
  /** Milliseconds that every call takes longer. */
  readonly latency: number;
  readonly failures: readonly Failure[];
}

export const NONE: Injections = { consistencyDelay: 0, latency: 0, failures: [] };

export class Injector {
  readonly #file: string;
  #injections: Injections;
  /** How many calls each failure has seen. */
  #seen = new WeakMap<Failure, number>();

  private constructor(file: string, injections: Injections) {
    this.#file = file;
    this.#injections = injections;
  }

  static async open(file: string): Promise<Injector> {
    const text = await textOf(file);
    return new Injector(file, text === undefined ? NONE : JSON.parse(text));
  }

  get injections(): Injections {
    return this.#injections;
  }

  async set(injections: Injections): Promise<void> {
    this.#injections = injections;
    this.#seen = new WeakMap();
    await writeWhole(this.#file, `${JSON.stringify(injections)}\n`);
  }

  /** Counts a call, and answers what shall go wrong with it. */
  strike(action: string): Failure | undefined {
    const struck = this.#injections.failures.filter((failure) => {
      if (failure.action !== '*' && failure.action !== action) return false;
      const count = (this.#seen.get(failure) ?? 0) + 1;
      this.#seen.set(failure, count);
      if (failure.call !== undefined) return count === failure.call;
      return failure.every === undefined || count % failure.every === 0;
    });
    return struck[0];
  }
}

export function errorOf({ code, message, status }: Failure): ApiError {
  return new ApiError(code, message, status);
}
