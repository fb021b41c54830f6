/** Every call that the server answered, a line of JSON each, so that a user can see what a client really asked. */

import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { textOf } from '../files.ts';

export interface Call {
  /** ISO 8601. */
  readonly time: string;
  readonly service: string;
  readonly region: string;
  readonly action: string;
  /** As they were sent, but for secrets and user-data. */
  readonly parameters: Readonly<Record<string, string>>;
  /** `ok`, or the code of the error. */
  readonly answer: string;
  readonly milliseconds: number;
}

const HIDDEN = /(?:UserData|KeyMaterial|PublicKeyMaterial|Password|Secret)/;

export class CallLog {
  readonly #file: string;
  #writing: Promise<void>;

  constructor(file: string) {
    this.#file = file;
    this.#writing = mkdir(dirname(file), { recursive: true }).then(() => {});
  }

  add(call: Call): Promise<void> {
    this.#writing = this.#writing.then(() => appendFile(this.#file, `${JSON.stringify(call)}\n`));
    return this.#writing;
  }
}

/** The parameters of a call as the log shows them. */
export function shownParameters(parameters: URLSearchParams): Readonly<Record<string, string>> {
  const shown = [...parameters].filter(([name]) => name !== 'Action' && name !== 'Version');
  return Object.fromEntries(shown.map(([name, value]) => [name, HIDDEN.test(name) ? '(not shown)' : value]));
}

/** The calls of a log, the oldest first; a line that a crash cut off is left out. */
export async function readCalls(file: string): Promise<readonly Call[]> {
  const lines = ((await textOf(file)) ?? '').split('\n');
  return lines.flatMap((line) => {
    try {
      return [JSON.parse(line)];
    } catch {
      return [];
    }
  });
}
