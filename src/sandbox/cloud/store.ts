/** The state, in memory and on disk: changed as a whole, written whole, and readable as it was a moment ago. */

import { Fault } from '../../fault.ts';
import { textOf, writeWhole } from '../files.ts';
import { type CloudState, EMPTY, EMPTY_REGION } from './state.ts';

interface Moment {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly state: CloudState;
}

/** No consistency delay is longer; milliseconds. */
export const LONGEST_DELAY = 120_000;

export class Store {
  readonly #file: string;
  readonly #clock: () => number;
  /** The newest last; what is older than LONGEST_DELAY is forgotten, but for one. */
  #history: readonly Moment[];
  #written: CloudState;
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: string, state: CloudState, clock: () => number) {
    this.#file = file;
    this.#clock = clock;
    this.#history = [{ at: 0, state }];
    this.#written = state;
  }

  /** Reads the state from `file`, or begins with an empty one. A file that is no state is a Fault, and stays. */
  static async open(file: string, clock: () => number = Date.now): Promise<Store> {
    const text = await textOf(file);
    return new Store(file, text === undefined ? EMPTY : parsed(text, file), clock);
  }

  get state(): CloudState {
    return this.#history.at(-1)?.state ?? EMPTY;
  }

  /** The state as it was `delay` milliseconds ago. */
  seen(delay: number): CloudState {
    const time = this.#clock() - delay;
    return this.#history.findLast(({ at }) => at <= time)?.state ?? this.#history[0]?.state ?? EMPTY;
  }

  /** Changes the state as if it had been so from the start: no consistency delay shows what was before. */
  seed(change: (state: CloudState) => CloudState): void {
    this.#history = this.#history.map(({ at, state }) => ({ at, state: change(state) }));
  }

  /** Replaces the state at once; `flush` says when it is on disk. */
  update(change: (state: CloudState) => CloudState): void {
    const now = this.#clock();
    const old = this.#history.findLastIndex(({ at }) => at <= now - LONGEST_DELAY);
    this.#history = [...this.#history.slice(Math.max(0, old)), { at: now, state: change(this.state) }];
  }

  /** Resolves when the state of this moment, or a later one, is on disk. Calls that come together share one write. */
  async flush(): Promise<void> {
    const wanted = this.state;
    if (wanted === this.#written) return;
    const before = this.#writing;
    this.#writing = before.then(() => this.#write());
    await this.#writing;
  }

  async #write(): Promise<void> {
    const { state } = this;
    if (state === this.#written) return;
    await writeWhole(this.#file, `${JSON.stringify(state)}\n`, 0o600);
    this.#written = state;
  }
}

function parsed(text: string, file: string): CloudState {
  const hint = 'move it away to begin anew, or run `playbake sandbox down`';
  let state: CloudState;
  try {
    state = JSON.parse(text);
  } catch (cause) {
    throw new Fault('sandbox-failed', `the state of the sandbox is not JSON`, { where: { file }, hint, cause });
  }
  if (state?.version === EMPTY.version) return complete(state);
  throw new Fault('sandbox-failed', `the state of the sandbox is of version ${state?.version}`, {
    where: { file },
    hint,
  });
}

/** A state that an older sandbox wrote lacks the kinds that came later. */
function complete(state: CloudState): CloudState {
  const regions = Object.entries(state.regions).map(([name, region]) => [name, { ...EMPTY_REGION, ...region }]);
  return { ...EMPTY, ...state, regions: Object.fromEntries(regions) };
}
