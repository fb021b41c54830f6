/** A program that ends another shell on the same host: what it runs, then itself, so that nothing is left behind. */

import { quote } from '../shell/sh.ts';

/**
 * The shell is told first, so that it starts nothing more when what it runs ends. Who does not end within two seconds
 * is killed. `directories` are removed in case the shell could not.
 */
export function endPrograms(pid: number, directories: readonly string[]): string {
  return `pb_all="$(pb_kids ${pid})"; kill -TERM ${pid} $pb_all 2>/dev/null
pb_lives() { { read -r pb_o <"/proc/$1/stat"; } 2>/dev/null || return 1; case $pb_o in *') Z '*) return 1;; esac; }
pb_gone() { for pb_q in $pb_all ${pid}; do if pb_lives "$pb_q"; then return 1; fi; done; return 0; }
pb_wait() { pb_k=0; while [ "$pb_k" -lt "$1" ]; do if pb_gone; then return 0; fi; pb_k=$((pb_k + 1)); sleep 0.1 2>/dev/null || sleep 1; done; return 1; }
pb_wait 20 || { pb_all="$pb_all $(pb_kids ${pid})"; kill -KILL $pb_all 2>/dev/null; pb_wait 10; } || kill -KILL ${pid} 2>/dev/null
rm -rf -- ${directories.map(quote).join(' ')}`;
}
