import { script } from '../../src/module/module.ts';

/**
 * Shell functions that speak TCP with whatever the host has: `probe HOST PORT SECONDS` succeeds when a connection can be
 * made, `listen HOST PORT SECONDS` prints what the server says by itself. Both answer 9 where the host has no means.
 */
export const PROBE = script(`has() { command -v "$1" >/dev/null 2>&1; }
probe() {
  if has bash && has timeout; then timeout "$3" bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$1" "$2" 2>/dev/null
  elif has python3; then python3 -c 'import socket,sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), float(sys.argv[3]))' "$@" 2>/dev/null
  elif has perl; then perl -MIO::Socket::INET -e 'exit !IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => $ARGV[1], Timeout => $ARGV[2])' "$@"
  elif nc -h 2>&1 | grep -q -e '-z'; then nc -z -w "$3" "$1" "$2" </dev/null >/dev/null 2>&1
  elif has curl; then
    case $(curl -s -o /dev/null -w '%{time_connect}' --connect-timeout "$3" --max-time "$(($3 + 1))" "telnet://$1:$2" </dev/null 2>/dev/null) in
      '' | 0 | 0[.,]0*[!1-9] | 0[.,]000000) return 1;;
    esac
  else listening "$1" "$2"; fi
}
listening() {
  case $1 in 127.* | localhost | ::1 | 0.0.0.0) ;; *) return 9;; esac
  [ -r /proc/net/tcp ] || return 9
  cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -qi "^ *[0-9]*: [0-9A-F]*:$(printf %04X "$2") [0-9A-F]*:0000 0A "
}
listen() {
  if has bash && has timeout; then timeout "$3" bash -c 'exec 3<>"/dev/tcp/$0/$1" && cat <&3' "$1" "$2" 2>/dev/null
  elif has python3 && has timeout; then timeout "$3" python3 -c 'import os,socket,sys
s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
while True:
  d = s.recv(1024)
  if not d: break
  os.write(1, d)' "$@" 2>/dev/null
  elif has nc && has timeout; then { sleep "$3" | timeout "$3" nc "$1" "$2"; } 2>/dev/null
  else return 9; fi
}`);
