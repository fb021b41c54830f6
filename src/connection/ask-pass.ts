/** Answers to what the system's ssh asks: it runs SSH_ASKPASS, which finds them in its environment, not in a file. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SshSettings } from './ssh-settings.ts';

export interface AskPass {
  readonly words: readonly string[];
  readonly variables: { readonly [name: string]: string };
}

const SCRIPT = `#!/bin/sh
case $1 in
  *assphrase*) [ -n "$PB_PASSPHRASE" ] && printf '%s\\n' "$PB_PASSPHRASE";;
  *assword*) [ -n "$PB_PASSWORD" ] && printf '%s\\n' "$PB_PASSWORD";;
  *) exit 1;;
esac
`;

/** @param directory a private one, for the script. */
export async function askPass(directory: string, { passphrase, password }: SshSettings): Promise<AskPass> {
  if (passphrase === undefined && password === undefined) return { words: ['-o', 'BatchMode=yes'], variables: {} };
  const script = join(directory, 'ask');
  await writeFile(script, SCRIPT, { mode: 0o700 });
  const variables = {
    SSH_ASKPASS: script,
    SSH_ASKPASS_REQUIRE: 'force',
    // Before OpenSSH 8.4 there had to be a display too.
    DISPLAY: ':0',
    PB_PASSPHRASE: passphrase ?? '',
    PB_PASSWORD: password ?? '',
  };
  return { words: ['-o', 'NumberOfPasswordPrompts=1'], variables };
}
