/** What the programs of the first boot are written with: functions of POSIX shell. */
export const FUNCTIONS = `
say() { printf '%s\\n' "$*"; }

# Of this machine: /proc/uptime is that of the one below.
uptime_seconds() { ps -o etimes= -p 1 | tr -d ' '; }

# set_hostname NAME FULL SHORT: the name, and how to find oneself by it.
set_hostname() {
  printf '%s\\n' "$1" >/etc/hostname
  hostname "$1"
  [ -s /etc/hosts ] || printf '%s\\n' '127.0.0.1 localhost' '::1 localhost ip6-localhost ip6-loopback' >/etc/hosts
  others=$(grep -v '^127[.]0[.]1[.]1[[:space:]]' /etc/hosts || true)
  if [ "$2" = "$3" ]; then names=$3; else names="$2 $3"; fi
  { printf '%s\\n' "$others" | sed -n '1p'; printf '127.0.1.1 %s\\n' "$names"; printf '%s\\n' "$others" | sed 1d; } >/etc/hosts
}

# ensure_host LINE: a line of /etc/hosts.
ensure_host() { grep -qxF -- "$1" /etc/hosts || printf '%s\\n' "$1" >>/etc/hosts; }

# write_file PATH MODE OWNER write|append, with the content in Base64 on standard input.
write_file() {
  mkdir -p -- "$(dirname -- "$1")"
  if [ "$4" = append ]; then base64 -d >>"$1"; else base64 -d >"$1"; fi
  chmod -- "$2" "$1"
  chown -- "$3" "$1"
}

ensure_group() { getent group "$1" >/dev/null || groupadd "$1"; }

# add_keys USER, with lines for authorized_keys on standard input.
add_keys() {
  home=$(getent passwd "$1" | cut -d: -f6)
  [ -n "$home" ] || { say "there is no user $1 to give a key"; cat >/dev/null; return 1; }
  group=$(id -gn "$1")
  install -d -m 0700 -o "$1" -g "$group" "$home/.ssh"
  keys=$home/.ssh/authorized_keys
  [ -e "$keys" ] || : >"$keys"
  [ -z "$(tail -c 1 "$keys")" ] || echo >>"$keys"
  while IFS= read -r key; do
    [ -z "$key" ] || grep -qxF -- "$key" "$keys" || printf '%s\\n' "$key" >>"$keys"
  done
  chmod 0600 "$keys"
  chown "$1:$group" "$keys"
}

add_sudo_rule() {
  file=/etc/sudoers.d/90-cloud-init-users
  grep -qxF -- "$1" "$file" 2>/dev/null || printf '%s\\n' "$1" >>"$file"
  chmod 0440 "$file"
  visudo -cqf "$file" || { say "sudo does not take the rule $1"; return 1; }
}

# make_host_keys TYPE...: those that are missing.
make_host_keys() {
  for type in "$@"; do
    key=/etc/ssh/ssh_host_\${type}_key
    [ -e "$key" ] || ssh-keygen -q -t "$type" -N '' -C "root@$(cat /etc/hostname)" -f "$key" &
  done
  wait
}

# Public halves of private host keys that came alone.
complete_host_keys() {
  for key in /etc/ssh/ssh_host_*_key; do
    [ -e "$key.pub" ] || ssh-keygen -y -f "$key" >"$key.pub"
  done
}

set_password_logins() {
  printf 'PasswordAuthentication %s\\n' "$1" >/etc/ssh/sshd_config.d/50-cloud-init.conf
  systemctl --no-block try-reload-or-restart ssh.service
}

# As cloud-init writes them, so that who reads the console can know the host.
tell_host_keys() {
  say '-----BEGIN SSH HOST KEY FINGERPRINTS-----'
  for key in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -l -f "$key" || true; done
  say '-----END SSH HOST KEY FINGERPRINTS-----'
  say '-----BEGIN SSH HOST KEY KEYS-----'
  cat /etc/ssh/ssh_host_*_key.pub || true
  say '-----END SSH HOST KEY KEYS-----'
}
`;
