/** The first words to a fresh shell: the prelude, its private directory, and how it leaves nothing behind. */

import { randomBytes } from 'node:crypto';
import { PRELUDE } from '../shell/prelude.ts';

/**
 * The private directory is in memory where there is some, so that a full disk does not stop us from answering; uploads
 * go to disk. Both are removed when the shell ends, also when the wire is cut: its stdin ends then.
 */
export function greeting(nonce: string): string {
  // Not the nonce: others on the host can see that, and could make the directory before us.
  const uploads = randomBytes(12).toString('hex');
  return `readonly pb_n=${nonce}${PRELUDE}
umask 022
pb_u=\${TMPDIR:-/tmp}/.pb-up-${uploads}
for pb_q in /dev/shm "\${TMPDIR:-/tmp}" /tmp /var/tmp "$HOME"; do
  pb_d=$pb_q/.pb-$pb_n; ( umask 077; mkdir "$pb_d" && : >"$pb_d/o" ) 2>/dev/null && break; pb_d=
done
pb_bye() { trap '' HUP TERM INT PIPE; trap - EXIT; rm -rf "$pb_d" "$pb_u"; }
trap pb_bye EXIT; trap 'pb_bye; exit 129' HUP TERM INT PIPE
if [ -n "$pb_d" ]; then pb_tell hello ready $$ "$pb_u" "$pb_d"; else echo 'no directory to write to (tried /dev/shm, /tmp, /var/tmp and the home)' >&2; exit 1; fi
`;
}
