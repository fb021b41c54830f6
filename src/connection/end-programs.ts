/** A program that ends another shell on the same host: what it runs, then itself, so that nothing is left behind. */

import { quote } from '../shell/sh.ts';

/**
 * The shell is told first, so that it starts nothing more when what it runs ends. Of what it runs everything is stopped
 * before anything is told to end, or it might start something meanwhile that nobody finds. Who does not end within two
 * seconds is killed. `directories` are removed in case the shell could not.
 */
export function endPrograms(pid: number, directories: readonly string[]): string {
  return `pb_all=${pid}; kill -TERM ${pid} 2>/dev/null
pb_new() {
  pb_q=; for pb_k in $(pb_kids $pb_all); do case " $pb_all " in *" $pb_k "*) ;; *) pb_q="$pb_q $pb_k";; esac; done
  pb_all=$pb_all$pb_q; [ -n "$pb_q" ]
}
pb_end() {
  pb_t=; while pb_new; do kill -STOP $pb_q; pb_t=$pb_t$pb_q; done
  if [ -n "$pb_t" ]; then kill -TERM $pb_t; kill -CONT $pb_t; fi
} 2>/dev/null
pb_lives() { { read -r pb_o <"/proc/$1/stat"; } 2>/dev/null || return 1; case $pb_o in *') Z '*) return 1;; esac; }
pb_gone() { for pb_q in $pb_all; do if pb_lives "$pb_q"; then return 1; fi; done; }
pb_wait() {
  pb_i=0; while [ "$pb_i" -lt "$1" ]; do
    pb_end; if pb_gone; then return 0; fi
    pb_i=$((pb_i + 1)); sleep 0.1 2>/dev/null || sleep 1
  done; return 1
}
pb_wait 20 || { kill -KILL \${pb_all#${pid}} 2>/dev/null; pb_wait 10; } || kill -KILL ${pid} 2>/dev/null
rm -rf -- ${directories.map(quote).join(' ')}`;
}
