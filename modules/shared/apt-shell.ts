import { script } from '../../src/module/module.ts';

/**
 * Shell functions around dpkg and apt. Names of packages are without blanks, so lists of them are words.
 * `apt_find NAME[:ARCH]` sets apt_state (`installed`, `config-files` …; empty for unknown) and apt_version from apt_q.
 * `apt_policy NAME` sets apt_known, apt_candidate and apt_versions from apt_p.
 * `apt_choose NAME OP VERSION MODE` adds what must be installed to apt_todo, or sets apt_wrong; OP is empty, `=` or `>=`.
 */
export const APT_SHELL = script(`export DEBIAN_FRONTEND=noninteractive DEBIAN_PRIORITY=critical
apt_todo= apt_wrong= apt_need= apt_stale= apt_native=
if [ -s /var/lib/dpkg/arch ]; then read -r apt_native </var/lib/dpkg/arch; fi
apt_lists() { for apt_f in /var/lib/apt/lists/*_Packages*; do if [ -e "$apt_f" ]; then return 0; fi; done; return 1; }
apt_stamp() {
  for apt_f in /var/lib/apt/periodic/update-success-stamp /var/lib/apt/lists; do
    if [ -e "$apt_f" ]; then apt_stamp=$(stat -c %Y "$apt_f"); return; fi
  done; apt_stamp=0
}
apt_query() { apt_q=$(dpkg-query -W -f '\${Package} \${Architecture} \${Status} \${Version}\\n' "$@" 2>/dev/null); }
apt_find() {
  apt_state= apt_version= apt_n=\${1%%:*} apt_a=
  case $1 in *:any) ;; *:*) apt_a=\${1#*:};; esac
  if [ "$apt_a" = native ]; then apt_a=; fi
  set -f; IFS='
'
  for apt_1 in $apt_q; do
    case $apt_1 in "$apt_n "*) ;; *) continue;; esac
    IFS=' '; set -- $apt_1
    case \${apt_a:-own} in
      "$2") ;;
      own) [ "$2" = all ] || [ -z "$apt_native" ] || [ "$2" = "$apt_native" ] || continue;;
      *) continue;;
    esac
    apt_state=$5 apt_version=\${6-}
    if [ "$5" = installed ]; then break; fi
  done
  unset IFS; set +f
  [ "$apt_state" = installed ]
}
apt_policy() {
  apt_known= apt_candidate= apt_versions= apt_on=
  while IFS= read -r apt_1; do
    case $apt_1 in
      "$1:" | "\${1%:"$apt_native"}:") apt_on=1 apt_known=1;;
      [!\\ ]*:) apt_on=;;
      '  Candidate: '*) if [ -n "$apt_on" ]; then apt_candidate=\${apt_1#  Candidate: }; fi;;
      '     '[!\\ ]* | ' *** '*)
        if [ -n "$apt_on" ]; then apt_1=\${apt_1#?????}; apt_versions="$apt_versions \${apt_1%% *}"; fi;;
    esac
  done <<END
$apt_p
END
  if [ "$apt_candidate" = '(none)' ]; then apt_candidate=; fi
}
apt_at_least() { dpkg --compare-versions "$1" ge "$2" 2>/dev/null; }
apt_fits() {
  case $2 in
    '') return 0;;
    '>=') apt_at_least "$1" "$3";;
    *) case $1 in $3) return 0;; *) return 1;; esac;;
  esac
}
apt_best() {
  apt_pick=
  case $2 in
    =) for apt_v in $apt_versions; do if apt_fits "$apt_v" = "$3"; then apt_pick=$apt_v; break; fi; done;;
    '>=') if [ -n "$apt_candidate" ] && apt_at_least "$apt_candidate" "$3"; then apt_pick=$apt_candidate; fi;;
    *) apt_pick=$apt_candidate;;
  esac
}
apt_providers() {
  apt_r=$(apt-cache showpkg "$1" 2>/dev/null | sed -n '/^Reverse Provides:/,$p' | sed -n 's/^\\([^ :][^ ]*\\) [^ ]* (.*/\\1/p' | sort -u)
}
apt_provided() {
  apt_s=$apt_q; apt_query $apt_r
  for apt_v in $apt_r; do if apt_find "$apt_v"; then apt_q=$apt_s; return 0; fi; done
  apt_q=$apt_s; return 1
}
apt_is() { apt_find "$1" && apt_fits "$apt_version" "$2" "$3"; }
apt_choose() {
  if [ -n "$apt_wrong" ]; then return 0; fi
  if apt_is "$1" "$2" "$3"; then
    case $4 in latest | fixed) ;; *) return 0;; esac
  elif [ "$apt_state" != installed ] && [ "$4" = upgrade ]; then return 0
  fi
  apt_have=; if [ "$apt_state" = installed ]; then apt_have=$apt_version; fi
  apt_policy "$1"; apt_best "$1" "$2" "$3"
  if [ -n "$apt_have" ] && apt_fits "$apt_have" "$2" "$3"; then
    if [ -z "$apt_pick" ] || [ "$apt_pick" = "$apt_have" ]; then return 0; fi
  elif [ -z "$apt_known" ] || { [ -z "$apt_candidate" ] && [ -z "$apt_versions" ] && [ -z "$apt_have" ]; }; then
    apt_missing "$1" "$2" "$3"; return
  elif [ -z "$apt_pick" ]; then
    apt_wrong="no available installation candidate for $1$2$3"; return
  fi
  apt_todo="$apt_todo $1=$apt_pick"
}
apt_missing() {
  apt_providers "$1"
  if [ -n "$apt_r" ]; then if ! apt_provided; then apt_todo="$apt_todo $1"; fi
  elif apt_lists; then apt_wrong="No package matching '$1' is available"
  elif [ -n "$apt_check" ]; then apt_todo="$apt_todo $1"
  else apt_wrong="No package matching '$1' is available: the host has no package lists (set update_cache: true)"
  fi
}
apt_expand() {
  apt_globbed=
  for apt_1 in $(apt-cache pkgnames "\${1%%[*?[]*}"); do
    case $apt_1 in $1) apt_globbed="$apt_globbed $apt_1";; esac
  done
  if [ -z "$apt_globbed" ]; then apt_wrong="No package(s) matching '$1' available"; fi
}
apt_try() {
  apt_end=$(($(date +%s) + apt_wait))
  while :; do
    { apt_e=$("$@" 2>&1 >&3 3>&-); apt_rc=$?; } 3>&1
    case $apt_e in
      *'Could not get lock'* | *'Unable to acquire the dpkg frontend lock'* | *'Unable to lock'*)
        if [ "$(date +%s)" -lt "$apt_end" ]; then sleep 1; continue; fi;;
    esac
    break
  done
  if [ -n "$apt_e" ]; then printf '%s\\n' "$apt_e" >&2; fi
  return "$apt_rc"
}
apt_update() {
  apt_i=0
  while :; do
    { apt_e=$(apt_try apt-get update -q 2>&1 >&3 3>&-); apt_rc=$?; } 3>&1
    case $apt_e in *'Failed to fetch'* | *'Some index files failed'*) apt_rc=100;; esac
    if [ "$apt_rc" -eq 0 ]; then return 0; fi
    apt_i=$((apt_i + 1))
    if [ "$apt_i" -ge "$apt_retries" ]; then printf '%s\\n' "$apt_e" >&2; return "$apt_rc"; fi
    apt_f=$((1 << (apt_i - 1))); if [ "$apt_f" -gt "$apt_delay" ]; then apt_f=$apt_delay; fi
    sleep "$apt_f"
  done
}
apt_policy_rc() {
  apt_f=/usr/sbin/policy-rc.d
  if [ -e "$apt_f" ]; then mv "$apt_f" "$apt_f.playbake" && trap 'mv -f "$apt_f.playbake" "$apt_f"' EXIT
  else trap 'rm -f "$apt_f"' EXIT; fi
  trap 'exit 1' HUP INT TERM
  printf '#!/bin/sh\\nexit %s\\n' "$1" >"$apt_f" && chmod 755 "$apt_f"
}
apt_deb() {
  apt_d=$(dpkg-deb -W --showformat '\${Package}:\${Architecture} \${Version}' "$1" 2>&1) || {
    apt_wrong="Unable to install package: $apt_d"; return; }
  apt_n=\${apt_d%% *}; apt_query "\${apt_n%%:*}"; apt_find "\${apt_n%:all}"
  if [ "$apt_state" = installed ] && dpkg --compare-versions "$apt_version" eq "\${apt_d#* }"; then return; fi
  apt_todo="$apt_todo $1"
}
apt_automatic() {
  if [ ! -s /var/lib/apt/extended_states ]; then return; fi
  awk -v names=" $* " '/^Package:/ { p = $2 } /^Auto-Installed: 1/ { if (index(names, " " p " ")) print p }' \\
    /var/lib/apt/extended_states 2>/dev/null
}`);
