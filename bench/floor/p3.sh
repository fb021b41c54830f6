# By hand what p3.yml says, and like it without effect where all is well. `file_NAME` are the files, in base64.
set -eu
home=/srv/ledger
counts='' cron=''

# put PATH OWNER MODE: what comes on stdin; true when something changed
put() {
  cat >/run/bench.new
  if cmp -s /run/bench.new "$1" && [ "$(stat -c '%U:%G %a' "$1")" = "$2 $3" ]; then return 1; fi
  chown "$2" /run/bench.new
  chmod "$3" /run/bench.new
  cp -p /run/bench.new "$1.new"
  mv "$1.new" "$1"
}
# line PATH PATTERN LINE: the last line that matches, else a new one; true when something changed
line() {
  if grep -qxF -e "$3" "$1"; then return 1; fi
  number=$(grep -nE -e "$2" "$1" | tail -1 | cut -d: -f1)
  if [ -n "$number" ]; then sed -i "${number}s|.*|$3|" "$1"; else echo "$3" >>"$1"; fi
}

getent group ledger >/dev/null || groupadd -g 7411 ledger
getent passwd ledger >/dev/null ||
  useradd -u 7411 -g ledger -d $home -M -s /usr/sbin/nologin -c 'Keeps the ledger' ledger
[ -d $home ] || install -d -o ledger -g ledger -m 0750 $home
[ -d /etc/ledger ] || install -d -m 0755 /etc/ledger
for drawer in incoming outgoing drafts cache state backups rejected archive reports secrets; do
  [ -d $home/$drawer ] || install -d -o ledger -g ledger -m 0700 $home/$drawer
done
echo "$file_greeting" | base64 -d | put /etc/motd root:root 644 || :
echo "$file_ledger_sh" | base64 -d | put /usr/local/bin/ledger root:root 755 && counts=1 || :
echo "$file_limits" | base64 -d | put /etc/security/limits.d/ledger.conf root:root 644 || :
echo "$file_environment" | base64 -d | put /etc/profile.d/ledger.sh root:root 644 || :
echo "$file_accounts" | base64 -d | put $home/accounts ledger:ledger 640 || :
. /etc/os-release
put /etc/ledger/ledger.ini root:root 644 <<END && counts=1 || :
; Ansible managed
[ledger]
name = $(hostname)
listen = 127.0.0.1:7411
home = $home
system = $ID $VERSION_ID

[peer north]
address = 198.51.100.11
percent = 50.0

[peer east]
address = 198.51.100.12
percent = 30.0

[peer south]
address = 198.51.100.13
percent = 20.0
END
put /etc/ledger/about.txt root:root 644 <<END || :
host: $(hostname)
family: Debian
processors: $(nproc)
drawers: archive backups cache drafts incoming outgoing rejected reports secrets state
END
put /etc/ledger/peers.csv root:root 644 <<END && cron=1 || :
peer,address,share
south,198.51.100.13,2
east,198.51.100.12,3
north,198.51.100.11,5
END
line /etc/hosts '\sledger\.example$' '198.51.100.10 ledger.example' || :
line /etc/default/cron '^#?\s*EXTRA_OPTS=' 'EXTRA_OPTS="-L 1"' && cron=1 || :
line /etc/login.defs '^UMASK\s' 'UMASK 027' || :
dpkg-query -W -f '${db:Status-Status}\n' cron curl less rsync sudo | grep -qvx installed &&
  apt-get install -y cron curl less rsync sudo
[ -n "$(uname -r)" ]
[ -e $home/state/journal ] || dd if=/dev/zero of=$home/state/journal bs=1024 count=32 2>/dev/null
[ "$(readlink $home/ledger.ini)" = /etc/ledger/ledger.ini ] || ln -sf /etc/ledger/ledger.ini $home/ledger.ini
systemctl -q is-active cron || systemctl start cron
systemctl -q is-enabled cron || systemctl enable cron
[ "$(ls -d $home/*/ | wc -l)" = 10 ]
[ -z "$counts" ] || touch $home/state/restarted
[ -z "$cron" ] || systemctl restart cron
