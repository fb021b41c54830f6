/** The user that we run as. */

import { homedir, userInfo } from 'node:os';

let known: { readonly home: string; readonly name: string } | undefined;

/** The home directory is the account's, whatever $HOME says, as for ssh. Asked once: looking it up reads a file. */
export function account(): { readonly home: string; readonly name: string } {
  known ??= look();
  return known;
}

function look() {
  try {
    const { homedir: home, username: name } = userInfo();
    return { home, name };
  } catch {
    return { home: homedir(), name: '' };
  }
}
