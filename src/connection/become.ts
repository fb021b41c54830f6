/** The command lines that start a shell as another user. */

import { quote } from '../shell/sh.ts';
import type { Become } from './connection.ts';

export function becomeCommand({ user }: Become, shell: string): string {
  return `sudo -H -n -u ${quote(user)} /bin/sh -c ${quote(shell)}`;
}
