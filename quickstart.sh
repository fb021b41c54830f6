#!/bin/sh
# From a fresh clone to two real hosts that answer: installs what is needed, says what it does, and can be run again.
set -eu
cd "$(dirname "$0")"

say() { printf '\n\033[1m==> %s\033[0m\n' "$*"; }
stop() { printf '\nquickstart: %s\n' "$*" >&2; exit 1; }

[ "$(uname -s)" = Linux ] || stop "the sandbox needs Linux; on other systems point playbake at hosts of your own (see README.md)"
[ "$(id -u)" = 0 ] || stop "the sandbox makes machines, which needs root: run  sudo npm run quickstart"
node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' ||
  stop "Node 20.19 or newer is needed; this is $(node --version)"

missing=
for pair in mmdebstrap:mmdebstrap systemd-nspawn:systemd-container ip:iproute2 nft:nftables ssh:openssh-client curl:curl; do
  command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair#*:}"
done
if [ -n "$missing" ]; then
  command -v apt-get >/dev/null 2>&1 || stop "install these first:$missing"
  say "Installing$missing"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

if [ ! -d node_modules ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  say "Installing the npm packages"
  npm install --no-audit --no-fund --loglevel=error
fi
say "Building playbake"
npm run --silent build

say "Bringing up two hosts:  playbake sandbox up 2"
node bin/playbake.js sandbox up 2

run() { printf '\n$ play %s\n' "$*"; node bin/play.js "$@"; }
say "What would the play change?"
run playbooks/app_update.yml --inventory ec2_instances --check
say "Playing"
run playbooks/app_update.yml --inventory ec2_instances

say "The page of each host"
node bin/playbake.js sandbox status --json | node -e '
  const machines = JSON.parse(require("fs").readFileSync(0, "utf8"));
  for (const { name, address } of machines) console.log(`${name} http://${address}:8080/`);' |
  while read -r name url; do printf '%s  %s  ' "$name" "$url"; curl -fsS --max-time 10 "$url"; done

say "Playing again: nothing is left to change"
run playbooks/app_update.yml --inventory ec2_instances

cat <<'X'

Try next:
  npx play playbooks/app_update.yml --inventory ec2_instances -e app_version=2     version 2 of the application
  npx play playbooks/app_update.yml --inventory ec2_instances --check --diff       what would change, line by line
  npx bake playbooks/app_update.yml                                                 the same playbook as a machine image
  npx playbake sandbox ssh web1                                                     look around on a host
  npx playbake sandbox reset                                                        pristine hosts again
  npx playbake sandbox down                                                         all gone
X
