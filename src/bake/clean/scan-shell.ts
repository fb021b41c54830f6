/**
 * The program that looks over a disk. One pass of grep over all files finds the few that hold anything of interest;
 * these are then looked at one by one. Needs a shell whose `printf` is its own, find and grep, of GNU or busybox.
 */

import { script } from '../../shell/sh.ts';

/**
 * Busybox's grep -F sees nothing of a line after a NUL: there, files are read with NULs as newlines.
 *
 * What is searched for is written by the shell's own printf into a pipe: it is in no argument list and in no file.
 * `im_secrets`, `im_key` and `im_put PATH` (whether the playbook put a file) are defined before.
 */
export const SCAN_SHELL = script(`
if [ ! -d "\${R:-/}" ]; then echo "\${R:-/} is no directory" >&2; exit 1; fi
for c in find grep tr; do command -v "$c" >/dev/null || { echo "the machine has no $c" >&2; exit 1; }; done
im_nl='
'
im_files() {
  find "\${R:-/}" -xdev \\( -path "$R/proc" -o -path "$R/sys" -o -path "$R/dev" -o -path "$R/run" -o -path "$R/tmp/.pb-*" \\) -prune \\
    -o -type f "$@"
}
im_interesting() { printf '%s\\n' 'PRIVATE KEY-----' PuTTY-User-Key-File- \${im_key:+"$im_key"}; im_secrets; }
im_holds() { "$1" | { cat -- "$2" | tr '\\000' '\\n' | grep -qF -f /proc/self/fd/3; } 3<&0; }
if printf 'a\\000b\\n' | grep -qF b; then
  im_many=500
  im_grep() { im_interesting | grep -lsF -f - -- "$@" /dev/null; }
else
  im_many=50
  im_grep() {
    im_interesting | { cat -- "$@" | tr '\\000' '\\n' | grep -qF -f /proc/self/fd/3; } 3<&0 || return 0
    for f do ! im_holds im_interesting "$f" || printf '%s\\n' "$f"; done
  }
fi
im_candidates() {
  set --
  while IFS= read -r f; do
    set -- "$@" "$f"
    if [ $# -ge "$im_many" ]; then im_grep "$@"; set --; fi
  done
  [ $# -eq 0 ] || im_grep "$@"
}
im_private() {
  grep -q '^PuTTY-User-Key-File-' "$1" && return 0
  tr '\\000' '\\n' <"$1" | grep -aA6 'BEGIN [A-Z0-9 ]*PRIVATE KEY-----' |
    grep -aqE '^[[:space:]"]*[A-Za-z0-9+/]{40,}={0,2}[[:space:]"\\\\,]*$|PRIVATE KEY-----\\\\n[A-Za-z0-9+/]{40}'
}
im_shipped() (
  cd "$R/var/lib/dpkg/info" 2>/dev/null || return 1
  for q in "$1" "\${1#/usr}"; do
    for l in $(grep -lxsF -- "$q" *.list); do
      m=$(grep -sF -- "  \${1#/}" "\${l%.list}.md5sums" || grep -sF -- "  \${q#/}" "\${l%.list}.md5sums") || continue
      h=$(md5sum <"$R$1"); [ "\${h%% *}" != "\${m%% *}" ] || return 0
    done
  done; return 1
)
im_packaged() {
  p=\${1#"$R"}; ! im_shipped "$p" || return 0
  if [ -d "$R/var/lib/rpm" ] || [ -d "$R/usr/lib/sysimage/rpm" ]; then
    if rpm --root "\${R:-/}" -qf -- "$p" >/dev/null 2>&1 && ! rpm --root "\${R:-/}" -Vf -- "$p" 2>/dev/null | grep -qF -- " $p"; then return 0; fi
  fi
  if [ -d "$R/lib/apk/db" ] && apk --root "\${R:-/}" info -W -- "$p" 2>/dev/null | grep -q ' is owned by '; then return 0; fi
  return 1
}
im_judge() {
  if [ -n "$im_key" ] && grep -qsF -- "$im_key" "$1"; then im_tell bake-key "$1"; fi
  if im_holds im_secrets "$1"; then im_tell secret "$1"; fi
  case $1 in "$R"/etc/ssh/ssh_host_*_key | "$R"/etc/dropbear/*_host_key) return 0;; esac
  if ! im_put "\${1#"$R"}" && im_private "$1" && ! im_packaged "$1"; then im_tell private-key "$1"; fi
}
im_files -size +0 ! -path "*$im_nl*" -print | im_candidates | while IFS= read -r f; do im_judge "$f"; done
im_files -path "*$im_nl*" -exec sh -c 'for f do printf "odd-name\\t%s\\000" "\${f#"$0"}"; done' "$R" {} + | tr '\\n' '?'
im_files -size +0 \\( -name '.*_history' -o -name .zhistory -o -name .history -o -name fish_history \\) -print |
  while IFS= read -r f; do im_tell history "$f"; done
for f in "$R"/etc/ssh/ssh_host_*_key "$R"/etc/dropbear/dropbear_*_host_key; do [ ! -f "$f" ] || im_tell host-key "$f"; done
for f in "$R/etc/machine-id" "$R/var/lib/dbus/machine-id"; do
  if [ -L "$f" ] || [ ! -s "$f" ] || grep -qx uninitialized "$f"; then continue; fi
  im_tell machine-id "$f"
done
`);
