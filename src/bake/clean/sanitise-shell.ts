/**
 * The shell functions that clean a machine. `im_item` is what is being cleaned; `im_kept PATH` says what must stay.
 * Each thing that is removed or changed is told as a record. A thing that cannot be removed is said on stderr, and
 * fails the whole at its end.
 */

import { script } from '../../shell/sh.ts';

export const SANITISE_SHELL = script(`
im_bad=0
im_failed() { printf '%s: %s\\n' "$im_item" "$1" >&2; im_bad=1; }
im_remove() {
  for f do
    if [ ! -e "$f" ] && [ ! -L "$f" ]; then continue; fi
    if im_kept "\${f#"$R"}"; then continue; fi
    case $f in "$R"/tmp/.pb-* | "$R"/var/tmp/.pb-*) continue;; esac
    im_gone "$f" && im_tell "$im_item" "$f"
  done
}
im_gone() {
  if [ ! -d "$1" ] || [ -L "$1" ] || [ -z "$im_keeps" ]; then rm -rf -- "$1" || im_failed "$1 cannot be removed"
  else im_prune "$1"; [ ! -e "$1" ]; fi
}
im_prune() {
  for g in "$1"/* "$1"/.[!.]* "$1"/..?*; do
    if [ ! -e "$g" ] && [ ! -L "$g" ]; then continue; fi
    if im_kept "\${g#"$R"}"; then continue; fi
    if [ -d "$g" ] && [ ! -L "$g" ]; then ( im_prune "$g"; exit "$im_bad" ) || im_bad=1; else rm -f -- "$g" || im_failed "$g cannot be removed"; fi
  done
  rmdir -- "$1" 2>/dev/null || :
}
im_empty() {
  for f do
    if [ ! -f "$f" ] || [ -L "$f" ] || [ ! -s "$f" ] || im_kept "\${f#"$R"}"; then continue; fi
    if : >"$f"; then im_tell "$im_item" "$f"; else im_failed "$f cannot be emptied"; fi
  done
}
im_homes() {
  if [ -r "$R/etc/passwd" ]; then
    while IFS=: read -r a b c d e h z || [ -n "$a" ]; do
      case $h in /?*) [ ! -d "$R$h" ] || printf '%s\\n' "$R$h";; esac
    done <"$R/etc/passwd" | sort -u
  fi
}
im_in_homes() {
  im_do=$1; shift
  im_list=$(im_homes); IFS='
'; set -f; for h in $im_list; do
    set +f; IFS=' 	
'; for n do "$im_do" "$h/$n"; done
  done; set +f; IFS=' 	
'
}
im_forget() {
  if [ ! -f "$1" ] || im_kept "\${1#"$R"}" || ! grep -qF -- "$im_key" "$1"; then return 0; fi
  l=$(grep -vF -- "$im_key" "$1"; echo .); l=\${l%.}
  if [ -z "$l" ]; then rm -f -- "$1"; else printf %s "$l" >"$1"; fi || { im_failed "$1 cannot be written"; return 0; }
  im_tell "$im_item" "$1"
}
im_found() ( while IFS= read -r f; do "$1" "$f"; done; exit "$im_bad" )
im_has() { [ -z "$R" ] && command -v "$1" >/dev/null 2>&1; }
`);
