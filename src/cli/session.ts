import type { Screen } from '../report/screen.ts';

/** Asks the user; without `echo` what is typed is not shown. Rejects with the Fault `interrupted` on Ctrl-C. */
export type Ask = (prompt: string, options: { readonly echo: boolean }) => Promise<string>;

/** All that a verb may know of the process it runs in. */
export interface Session {
  readonly screen: Screen;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a person watches: standard output is a terminal that can move its cursor. */
  readonly live: boolean;
  /** Whether a person can answer: standard input is a terminal. */
  readonly interactive: boolean;
  readonly ask: Ask;
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
}

/** A verb: its arguments, what it may use, its exit code. Faults that it throws are shown by the caller. */
export type Verb = (args: readonly string[], session: Session) => Promise<number>;
