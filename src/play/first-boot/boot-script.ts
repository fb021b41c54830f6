/** The shell around the programs of a first boot. Plain POSIX. */

import { PRELUDE } from '../../shell/prelude.ts';
import { BOOT_DIRECTORY, BOOT_STATE } from './paths.ts';

/**
 * The functions that programs call, but what they say goes to the log instead of a channel.
 * boot_program QUIET PROGRAM exits with 0 for ok, 10 for changed, else failed; boot_hide: its output is shown nowhere.
 */
export const BOOT_PRELUDE = `${PRELUDE.trimStart()}
pb_say() {
  case $2 in changed | newchanged) : >"$pb_d/changed";; failed) boot_tell "$4";; esac
}
pb_files() {
  case $2 in
    ran) case $boot_quiet in *" $1 "*) ;; *) : >"$pb_d/changed";; esac;;
    failed) boot_tell "it ended with exit code $3"; boot_tell "$(cat "$pb_1")"; boot_tell "$(cat "$pb_2")";;
  esac
}
boot_tell() {
  if [ -n "$boot_hide" ]; then return 0; fi
  if [ -n "$1" ]; then printf '%s\\n' "$1" | sed 's/^/    /' >&3; fi
}
boot_program() (
  pb_n=boot boot_quiet=$1
  umask 022; cd "$HOME" 2>/dev/null || cd /
  pb_d=$(mktemp -d "\${TMPDIR:-/tmp}/.pb-boot-XXXXXXXXXX") || exit 1
  pb_secret=\${pb_d##*-}
  trap 'rm -rf "$pb_d"' EXIT; trap 'exit 1' HUP INT TERM
  exec 3>&1
  ( eval "$2" ) </dev/null; boot_q=$?
  if [ "$boot_q" -ne 0 ]; then exit 1; fi
  if [ -e "$pb_d/changed" ]; then exit 10; fi
  exit 0
)
`;

/** One task: boot_task, a boot_item for each of its items, boot_done with the handlers it notifies. */
export const BOOT_FUNCTIONS = `PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root; export PATH HOME
boot_start() {
  umask 022; mkdir -p ${BOOT_STATE}/notified && : >>${BOOT_STATE}/tasks || exit 1
  boot_ok=0 boot_changed=0
}
boot_task() {
  boot_id=$1 boot_name=$2 boot_user=$3 boot_flags=$4 boot_retries=$5 boot_delay=$6 boot_state=ok
  if grep -q -x -F -e "$1" ${BOOT_STATE}/tasks; then echo "done before: $2"; return 1; fi
}
boot_run() {
  case $boot_flags in *s*) boot_hide=1;; *) boot_hide=;; esac
  if [ "$boot_user" = root ]; then boot_program "$1" "$2"; return; fi
  boot_line=". ${BOOT_DIRECTORY}/prelude.sh; boot_hide=$boot_hide; boot_program '$1' \\"\\$(cat)\\""
  if command -v runuser >/dev/null 2>&1; then printf '%s\\n' "$2" | runuser -s /bin/sh "$boot_user" -c "$boot_line"
  else printf '%s\\n' "$2" | su -s /bin/sh "$boot_user" -c "$boot_line"; fi
}
boot_item() {
  boot_try=0
  while :; do
    boot_run "$2" "$4"; boot_r=$?
    if [ "$boot_r" -eq 0 ] || [ "$boot_r" -eq 10 ] || [ "$boot_try" -ge "$boot_retries" ]; then break; fi
    boot_try=$((boot_try + 1)); echo "retrying: $boot_name ($boot_try of $boot_retries)"; sleep "$boot_delay"
  done
  case $boot_r in 0) boot_s=ok;; 10) boot_s=changed;; *) boot_s=failed;; esac
  case $boot_flags in *c*) if [ "$boot_s" = ok ]; then boot_s=changed; fi;; *n*) if [ "$boot_s" = changed ]; then boot_s=ok; fi;; esac
  case $boot_s in failed) boot_state=failed;; changed) if [ "$boot_state" = ok ]; then boot_state=changed; fi;; esac
  if [ -n "$3" ]; then printf '    %s\\n' "$3"; fi
  if [ -n "$1" ]; then case $boot_flags in *s*) ;; *) echo "$boot_s: $boot_name (item=$1)";; esac; fi
}
boot_done() {
  case $boot_state in
    changed) boot_changed=$((boot_changed + 1)); for boot_h in "$@"; do : >"${BOOT_STATE}/notified/$boot_h"; done;;
    failed) case $boot_flags in
      *i*) boot_state='failed, ignored';;
      *) echo "failed: $boot_name"; echo 'the first boot stops here; systemctl restart playbake-first-boot goes on with this task' ; exit 1;;
    esac;;
  esac
  boot_ok=$((boot_ok + 1)); echo "$boot_state: $boot_name"
  if [ "$boot_id" != - ]; then echo "$boot_id" >>${BOOT_STATE}/tasks; fi
}
boot_flush() {
  for boot_n in "$@"; do
    if [ -e "${BOOT_STATE}/notified/$boot_n" ]; then "boot_handler_$boot_n"; rm -f "${BOOT_STATE}/notified/$boot_n"; fi
  done
}
boot_end() {
  : >${BOOT_STATE}/done || exit 1
  echo "first boot: $boot_ok done, $boot_changed changed"
}
`;
