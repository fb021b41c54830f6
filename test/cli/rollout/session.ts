/** A session whose screen is remembered. */

import type { Session, Verb } from '../../../src/cli/session.ts';
import { type Fault, faultsOf } from '../../../src/fault.ts';
import { faultsText } from '../../../src/report/fault.ts';

export interface Said {
  /** -1: it ended with faults, which are in `err`. */
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly faults: readonly Fault[];
}

/** Runs a verb in a directory. @param answer what the user types; undefined: nobody is there. */
export async function said(verb: Verb, directory: string, args: readonly string[], answer?: string): Promise<Said> {
  let out = '';
  let err = '';
  const screen = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    columns: () => 0,
    rows: () => 0,
    onResize: () => {},
    color: false,
    directory,
  };
  const session: Session = {
    screen,
    env: {},
    live: false,
    interactive: answer !== undefined,
    ask: async (prompt) => {
      out += `${prompt}\n`;
      return answer ?? '';
    },
    signal: new AbortController().signal,
  };
  try {
    return { code: await verb(args, session), out, err, faults: [] };
  } catch (error) {
    const faults = faultsOf(error);
    if (!faults) throw error;
    return { code: -1, out, err: `${err}${faultsText(faults, screen)}`, faults };
  }
}
