/** The shell functions that every program calls; sent once when a channel opens. Plain POSIX: dash, bash, busybox ash. */

/**
 * Variables: pb_n nonce, pb_d private directory, pb_c check mode, pb_w watch, pb_D diff wanted, pb_f the task that blew the fuse,
 * pb_x program number, pb_secret a secret of the program, pb_tmp a file that is being written, pb_l the user's LC_ALL, pb_wall and
 * pb_up the clocks when the shell began, v what a piece that assigns leaves.
 * A frame is `@NONCE INDEX STATE RC LENGTH LENGTH`, a newline, the bytes of both fields, a newline. Frames of steps are kept in
 * pb_out (pb_say) and told together when the program ends, with its end where its output is the channel still: it answers 77 or 78
 * then, 79 or 1 where the end is left to tell, and anything when a step ended it.
 * The fuse: `pb_go FIRST TASK …` is refused where a task failed that is not before FIRST, the first of its train, nor is TASK itself
 * (the items of a loop do not stop each other). Tasks count upwards from 1; TASK 0 is in no train, neither blows the fuse nor heeds it.
 * Step N's pieces are functions: i_N (does it hold), m_N (make), r_N (read), c_N (content), v_N (validate).
 * 25 is SIGXFSZ: a limit of a file's size is to be an error. A new file begins under a name that nobody can foresee, or others could plant a link there in a directory like /tmp.
 * Outputs go to files of their own, because a daemon that a step left behind may go on writing to its output. How long they
 * are is asked of the kernel (the position of the file that the command wrote to), and short ones are read by the shell itself:
 * a process costs more than all the rest. What does not add up (bytes of value 0, a file written twice) is left to `wc` and `head`.
 */
export const PRELUDE = `
pb_l=\${LC_ALL-}; unset LC_ALL; LC_ALL=C; export LC_ALL; pb_x=0 pb_f=0 pb_c= pb_w= pb_D= pb_out= pb_tmp= pb_left= pb_trap='HUP INT TERM'
pb_say() { pb_out="$pb_out@$pb_n $1 $2 $3 \${#4} \${#5}
$4$5
"; }
pb_flush() { if [ -n "$pb_out" ]; then printf %s "$pb_out"; pb_out=; fi; }
pb_tell() { pb_say "$@"; pb_flush; }
pb_now() { pb_t=; if [ -r /proc/uptime ]; then read -r pb_t pb_q </proc/uptime; fi; }
pb_wall=$(date '+%Y-%m-%dT%H:%M:%S.%N'); pb_now; pb_up=$pb_t
pb_text() { pb_o=; if [ -s "$1" ]; then pb_o=$(cat "$1"); fi; }
pb_begin() { pb_1=$pb_d/o$pb_x.$1 pb_2=$pb_d/e$pb_x.$1; }
pb_watch() {
  [ -n "$pb_w" ] || return 0
  : >"$pb_1"; : >"$pb_2"
  ( pb_out= pb_s=; trap 'kill "$pb_s" 2>/dev/null; exit 0' TERM; pb_p=
  while sleep 1 </dev/null >/dev/null 2>&1 & pb_s=$!; wait "$pb_s"; do
    pb_q=$(cat "$pb_2" "$pb_1" 2>/dev/null | tail -n 1 | tr -d '\\000\\r' | cut -c 1-200)
    [ "$pb_q" = "$pb_p" ] || pb_tell + line 0 "$pb_q" ''
    pb_p=$pb_q
  done ) 2>/dev/null & pb_k=$!
}
pb_unwatch() { [ -n "$pb_w" ] || return 0; kill "$pb_k" 2>/dev/null; wait "$pb_k" 2>/dev/null; return 0; }
pb_make() {
  pb_begin "$1"; pb_watch
  "m_$1" >"$pb_1" 2>&1 </dev/null; pb_r=$?
  pb_unwatch; pb_text "$pb_1"
  if [ "$pb_r" -eq 0 ]; then pb_say "$1" changed 0 "$pb_o" "$2"; return 0; fi
  pb_say "$1" failed "$pb_r" "$pb_o" "$2"; return 1
}
pb_ensure() {
  if "i_$1" >/dev/null 2>&1 </dev/null; then pb_say "$1" ok 0 '' ''; return 0; fi
  if [ -n "$pb_c" ]; then pb_say "$1" changed 0 '' ''; return 0; fi
  pb_make "$1" ''
}
pb_demand() {
  if "i_$1" >/dev/null 2>&1 </dev/null; then pb_say "$1" ok 0 '' ''; return 0; fi
  pb_begin "$1"; "m_$1" >"$pb_1" 2>&1 </dev/null; pb_text "$pb_1"
  pb_say "$1" failed 1 "$pb_o" ''; return 1
}
pb_value() { v=; "r_$1" >/dev/null 2>&1 </dev/null; }
pb_set() {
  if [ -n "\${3-}" ]; then pb_value "$1"; pb_b=$v; else pb_b=$("r_$1" 2>/dev/null </dev/null); fi
  if [ "$pb_b" = "$2" ]; then pb_say "$1" ok 0 '' ''; return 0; fi
  if [ -n "$pb_c" ]; then pb_say "$1" changed 0 '' "$pb_b"; return 0; fi
  pb_make "$1" "$pb_b"
}
pb_at() { pb_q=; if [ -r "/proc/self/fdinfo/$1" ]; then read -r pb_k pb_q <"/proc/self/fdinfo/$1"; fi; }
pb_size() { pb_q=0; if [ -s "$1" ]; then pb_q=$(wc -c <"$1"); pb_q=$((pb_q)); fi; }
pb_lines() {
  pb_o=; while IFS= read -r pb_q; do pb_o="$pb_o$pb_q
"; done <"$1"; pb_o=$pb_o$pb_q
}
pb_short() {
  pb_o=
  case $2 in
    0) [ ! -s "$1" ];;
    ? | ?? | ??? | 1???) pb_lines "$1"; [ "\${#pb_o}" -eq "$2" ];;
    *) return 1;;
  esac
}
pb_files() {
  if pb_short "$pb_1" "$pb_p1"; then
    pb_e=$pb_o
    if pb_short "$pb_2" "$pb_p2"; then
      pb_out="$pb_out@$pb_n $1 $2 $3 \${#pb_e} \${#pb_o}$pb_when
$pb_e$pb_o
"
      return 0
    fi
  fi
  pb_flush; pb_size "$pb_1"; set -- "$1" "$2" "$3" "$pb_q"; pb_size "$pb_2"
  printf '@%s %s %s %s %s %s%s\\n' "$pb_n" "$1" "$2" "$3" "$4" "$pb_q" "$pb_when"
  if [ "$4" -gt 0 ]; then head -c "$4" "$pb_1"; fi
  if [ "$pb_q" -gt 0 ]; then head -c "$pb_q" "$pb_2"; fi
  echo
  if [ "$4" -gt 65536 ]; then rm -f "$pb_1"; fi
}
pb_call() {
  { "$1" >&8 2>&9 </dev/null 8>&- 9>&-; pb_r=$?; pb_at 8; pb_p1=$pb_q; pb_at 9; pb_p2=$pb_q; } 8>"$pb_1" 9>"$pb_2"
}
pb_run() {
  if [ -n "$pb_c" ] && [ -z "$2" ]; then pb_say "$1" skipped 0 '' ''; return 0; fi
  pb_begin "$1"; pb_watch; pb_now; pb_when=" $pb_wall $pb_up $pb_t"
  pb_call "m_$1"
  pb_now; pb_when="$pb_when $pb_t"; pb_unwatch
  case " $3 " in *" any "* | *" $pb_r "*) pb_files "$1" ran "$pb_r"; return 0;; esac
  pb_files "$1" failed "$pb_r"; return 1
}
pb_read() {
  if [ -n "\${2-}" ]; then pb_value "$1"; pb_say "$1" read "$?" "$v" ''; return 0; fi
  pb_when=; pb_begin "$1"; pb_call "r_$1"; pb_files "$1" read "$pb_r"; return 0
}
pb_sum() { pb_h=$(sha256sum <"$1") || pb_h=; pb_h=\${pb_h%% *}; }
pb_old() {
  pb_b=; [ -n "$pb_D" ] || return 0
  if [ "$(wc -c <"$1")" -gt 104448 ]; then pb_b='(too large to show)'; return 0; fi
  pb_b=$(cat "$1"; echo .); pb_b=\${pb_b%.}
}
pb_where() {
  pb_path=$1
  if [ -n "$2" ] && [ -d "$pb_path" ]; then pb_path=\${pb_path%/}/$2; fi
  case $pb_flags in *f*) if [ -L "$pb_path" ]; then pb_q=$(readlink -f "$pb_path") && pb_path=$pb_q; fi;; esac
  case $pb_path in */*) pb_dir=\${pb_path%/*};; *) pb_dir=.;; esac; [ -n "$pb_dir" ] || pb_dir=/
}
pb_mask() {
  pb_was= pb_q=077
  if [ -f "$pb_path" ] && [ ! -L "$pb_path" ]; then pb_was=1; fi
  if [ -z "$pb_was$pb_owner$pb_group" ]; then
    case $pb_flags:$pb_mode in
      *:) pb_q=022;;
      *l*:06[0246][0246]) pb_q=$((777 - \${pb_mode#0})) pb_mode=;;
    esac
  fi
}
pb_put() {
  pb_i=$1 pb_want=$3 pb_owner=$4 pb_group=$5 pb_mode=$6 pb_flags=$7 pb_have=\${9-} pb_new= pb_b=
  pb_begin "$1"; pb_where "$2" "$8"
  if [ -d "$pb_path" ] && [ ! -L "$pb_path" ]; then pb_say "$1" failed 1 "$pb_path is a directory" ''; return 1; fi
  if [ -z "$pb_want" ]; then
    "c_$1" >"$pb_1.n" 2>"$pb_1" </dev/null || { pb_r=$?; pb_text "$pb_1"; pb_say "$1" failed "$pb_r" "$pb_o" ''; return 1; }
    pb_sum "$pb_1.n"; pb_want=$pb_h
  fi
  if [ -f "$pb_path" ]; then
    case $pb_flags in *[ks]*) pb_say "$1" ok 0 '' ''; return 0;; esac
    case $pb_flags in *d*) ;; *)
      if [ ! -L "$pb_path" ]; then
        pb_sum "$pb_path"; if [ "$pb_h" = "$pb_want" ]; then pb_say "$1" ok 0 '' ''; return 0; fi
      fi;;
    esac
    pb_old "$pb_path"
  else pb_new=new; fi
  if [ -n "$pb_D" ] && [ -f "$pb_1.n" ]; then pb_q=$pb_b; pb_old "$pb_1.n"; pb_say "$1" after 0 "$pb_b" ''; pb_b=$pb_q; fi
  if [ -n "$pb_c" ]; then pb_say "$1" "\${pb_new}changed" 0 '' "$pb_b"; return 0; fi
  if [ ! -d "$pb_dir" ]; then pb_say "$1" failed 1 "Destination directory $pb_dir does not exist" ''; return 1; fi
  trap pb_undo EXIT; trap 'exit 1' $pb_trap; trap '' 25
  pb_write >"$pb_1" 2>&1 </dev/null; pb_r=$?
  pb_undo; trap - EXIT 25 $pb_trap
  pb_text "$pb_1"
  if [ "$pb_r" -eq 0 ]; then pb_say "$1" "\${pb_new}changed" 0 "$pb_o" "$pb_b"; return 0; fi
  pb_say "$1" failed "$pb_r" "$pb_o" "$pb_b"; return 1
}
pb_undo() { if [ -n "$pb_tmp" ]; then rm -f -- "$pb_tmp"; pb_tmp=; fi; }
pb_temp() {
  pb_q=\${pb_dir%/}/.pb-$pb_secret$pb_i
  umask "$1"; set -C; { true >"$pb_q"; } 2>"$pb_2"; pb_r=$?; set +C; umask 022
  if [ "$pb_r" -eq 0 ]; then pb_tmp=$pb_q; return 0; fi
  pb_text "$pb_2"; printf 'cannot write to the directory %s: %s' "$pb_dir" "\${pb_o##*: }"; return 1
}
pb_adopt() {
  case $pb_have in *-"$1") ;; *) return 1;; esac
  [ "\${pb_have%/*}" = "\${pb_dir%/}" ] && [ -f "$pb_have" ] && pb_tmp=$pb_have
}
pb_write() {
  pb_chmod=; pb_mask
  pb_adopt "$pb_q" || pb_temp "$pb_q" || return 1
  if [ "$pb_tmp" = "$pb_have" ]; then :
  elif [ -f "$pb_1.n" ]; then cat "$pb_1.n" >"$pb_tmp" || return 1
  else "c_$pb_i" >"$pb_tmp" || { grep -q 'space left' "$pb_1" || "c_$pb_i" 2>/dev/null | cat >"$pb_tmp"; return 1; }; fi
  if [ -n "$pb_was" ]; then
    set -- $(stat -c '%u:%g %a' -- "$pb_path" "$pb_tmp")
    [ -n "$pb_owner" ] && [ -n "$pb_group" ] || [ "$1" = "$3" ] || chown -- "$1" "$pb_tmp" 2>/dev/null
    if [ -e /sys/fs/selinux/enforce ]; then chcon --reference="$pb_path" -- "$pb_tmp" 2>/dev/null; fi
  fi
  [ -z "$pb_owner$pb_group" ] || chown -- "$pb_owner\${pb_group:+:$pb_group}" "$pb_tmp" || return 1
  case $pb_was:$pb_mode in
    :) if [ -n "$pb_owner$pb_group" ]; then pb_chmod=644; fi;;
    :[0-7]* | 1:[0-7]*) pb_chmod=$pb_mode;;
    :*) pb_chmod=u=rw,g=r,o=r,$pb_mode;;
    *)
      if [ -z "$pb_mode" ]; then pb_chmod=$2; else chmod -- "$2" "$pb_tmp" || return 1; pb_chmod=$pb_mode; fi;;
  esac
  [ -z "$pb_chmod" ] || chmod -- "$pb_chmod" "$pb_tmp" || return 1
  case $pb_flags in *v*) "v_$pb_i" "$pb_tmp" >"$pb_2" 2>&1 || { pb_r=$?; printf 'failed to validate: rc:%s error:' "$pb_r"; cat "$pb_2"; return 1; };; esac
  case $pb_flags in *b*)
    if [ -f "$pb_path" ]; then
      pb_q="$pb_path.$$.$(date +%Y-%m-%d@%H:%M:%S~)"; cp -p -- "$pb_path" "$pb_q" || return 1
      printf 'backup_file=%s' "$pb_q"
    fi;;
  esac
  if [ -L "$pb_path" ]; then rm -f -- "$pb_path" || return 1; fi
  if mv -f -- "$pb_tmp" "$pb_path" 2>"$pb_2"; then pb_tmp=
  else case $pb_flags in *u*) cat "$pb_tmp" >"$pb_path" || return 1;; *) cat "$pb_2"; return 1;; esac; fi
  if [ -n "$pb_new" ] && [ -e /sys/fs/selinux/enforce ]; then restorecon -- "$pb_path" 2>/dev/null; fi
  return 0
}
pb_over() {
  pb_r=$?
  if [ "/proc/self/fd/1" -ef "/proc/$$/fd/1" ]; then
    pb_say end done "$pb_r" '' ''; pb_flush; if [ "$pb_r" -eq 0 ]; then exit 77; fi; exit 78
  fi
  pb_flush; if [ "$pb_r" -eq 0 ]; then exit 79; fi; exit 1
}
pb_end() { case $1 in 77 | 78) return 0;; 79) pb_r=0;; 0) pb_r=1;; *) pb_r=$1;; esac; pb_tell end done "$pb_r" '' ''; }
pb_go() {
  if [ "$2" -gt 0 ] && [ "$pb_f" -ge "$1" ] && [ "$pb_f" -ne "$2" ]; then pb_tell end refused 0 '' ''; return 0; fi
  pb_x=$((pb_x + 1)) pb_secret=$3; if [ $((pb_x % 64)) -eq 0 ]; then rm -f "$pb_d"/[oe]*; fi
  ( eval "$4"; pb_over ) </dev/null; pb_r=$?
  case $pb_r in 77 | 79) ;; *) if [ "$2" -gt 0 ]; then pb_f=$2; fi;; esac
  pb_end "$pb_r"
}
pb_job() {
  pb_x=$((pb_x + 1)) pb_secret=$2; pb_j=$HOME/.ansible_async
  if mkdir -p -m 700 "$pb_j" && pb_tell job started 0 "$pb_n" '' >"$pb_j/$1"; then
    ( ( trap '' HUP; pb_trap='INT TERM'; pb_d=$pb_j/$1.d; mkdir -p -m 700 "$pb_d"; pb_w=; exec >>"$pb_j/$1" 2>/dev/null </dev/null
      ( eval "$4"; pb_over ) & pb_k=$!
      ( sleep "$3" >/dev/null 2>&1; trap '' TERM; pb_tell end late 1 '' ''; pb_kill "$pb_k" ) & pb_s=$!
      wait "$pb_k"; pb_r=$?; kill "$pb_s" 2>/dev/null && pb_end "$pb_r"; rm -rf "$pb_d" ) & )
    pb_tell end done 0 '' ''
  else pb_tell end done 1 '' ''; fi
}
pb_room() {
  pb_secret=$1 pb_owner=$4 pb_group=$5 pb_mode=$6 pb_flags=$7 pb_h= pb_tmp=; pb_where "$3" "$8"
  if [ -f "$pb_path" ]; then
    case $pb_flags in *k*) pb_say room kept 0 '' ''; pb_tell end done 0 '' ''; return 0;; esac
    case $pb_flags in *d*) ;; *)
      if [ ! -L "$pb_path" ]; then
        pb_size "$pb_path"; if [ "$pb_q" -eq "$2" ]; then pb_sum "$pb_path"; fi
      fi;;
    esac
  fi
  pb_mask; pb_k=$pb_q
  if [ -z "$pb_h" ] && [ -d "$pb_dir" ] && [ -w "$pb_dir" ] && { [ ! -d "$pb_path" ] || [ -L "$pb_path" ]; }; then
    case $pb_dir in *'
'*) ;; *) pb_tmp=\${pb_dir%/}/.pb-$pb_secret-$pb_k; pb_note "$pb_tmp";; esac
  fi
  pb_say room "$pb_k" 0 "$pb_h" "$pb_tmp"; pb_tmp=; pb_tell end done 0 '' ''
}
pb_note() {
  if [ -z "$pb_left" ]; then trap 'pb_leave; pb_bye' EXIT; trap 'pb_leave; pb_bye; exit 129' HUP TERM INT PIPE; fi
  pb_left="$pb_left$1
"
}
pb_leave() { printf %s "$pb_left" | while IFS= read -r pb_q; do rm -f -- "$pb_q"; done; }
pb_drop() {
  if [ -e "$1" ]; then rm -f -- "$1"; fi
  pb_q="$1
"; case $pb_left in *"$pb_q"*) pb_left=\${pb_left%%"$pb_q"*}\${pb_left#*"$pb_q"};; esac
  pb_tell end done 0 '' ''
}
pb_take() {
  ( umask 077; [ -d "\${1%/*}/" ] || mkdir -p -- "\${1%/*}/" ) || return 1
  ( umask "$3"; set -C; pb_pour "$1" "$2" "$4" 7>"$1" ); pb_r=$?
  if [ "$pb_r" -eq 99 ]; then rm -f -- "$1"; fi
  return "$pb_r"
}
pb_pour() {
  pb_q=cat; if command -v gzip >/dev/null; then pb_q=gzip; fi
  pb_say take "$pb_q" 0 '' ''; pb_tell end done 0 '' ''
  if [ "$3" -gt 0 ]; then head -c "$3" >&7 || return 99; pb_tell end done 0 '' ''; fi
  read -r pb_q; case $pb_q in gzip) gzip -dc >&7;; *) cat >&7;; esac && [ "$(wc -c <"$1")" -eq "$2" ] || return 99
}
pb_kill() {
  pb_q=$(pb_kids "$1"); kill -TERM "$1" 2>/dev/null
  for pb_q in $pb_q; do kill -TERM "$pb_q" 2>/dev/null; done
}
pb_kids() {
  cat /proc/[0-9]*/stat 2>/dev/null | sed 's/(.*)/-/' | awk -v roots=" $* " '{ up[$1] = $4 } END { for (p in up) {
    q = up[p]; n = 0; while (q in up && !index(roots, " " q " ") && n++ < 99) q = up[q]
    if (index(roots, " " q " ")) print p } }'
}
`;
