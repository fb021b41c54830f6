#!/bin/sh
# From a fresh clone to real hosts that answer, played on, baked and rolled out: installs what is needed, says what it does, and can be run again.
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

say "The same playbook as an image, and a fleet of it"
cd playbooks
root=$(dirname "$PWD")
shown() { printf '\n$ %s\n' "$*"; }
bake() { shown "bake $*"; node "$root/bin/bake.js" "$@"; }
rollout() { shown "rollout $*"; node "$root/bin/rollout.js" "$@"; }
shown "playbake sandbox balancer web"
url=$(node "$root/bin/playbake.js" sandbox balancer web --json | node -p 'JSON.parse(require("fs").readFileSync(0, "utf8")).url')
printf '%s\n' "$url"
# After an earlier run there are images already, and the newest is version 2.
again=
[ ! -e playbake.state.json ] || again=--force
bake app $again
rollout apply -auto-approve
printf '\n%s  ' "$url"; curl -fsS --max-time 10 "$url"

say "Version 2, while a client asks 50 times a second"
bake app -e app_version=2 $again
asked=$(mktemp)
node "$root/bench/steady-client.js" "$url" --rate 50 >"$asked" &
client=$!
trap 'kill "$client" 2>/dev/null || :; rm -f "$asked"' EXIT
rollout plan
rollout apply -auto-approve -e app_version=2
say "And back"
rollout rollback -auto-approve
kill "$client"
wait "$client" || :
say "What the client saw"
node -e '
  const { requests, failed, answers } = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
  for (const [answer, { count }] of Object.entries(answers)) console.log(`${String(count).padStart(6)}  ${answer}`);
  console.log(`${requests} requests, ${failed} failed`);' "$asked"
cd "$root"

cat <<'X'

Try next:
  npx play playbooks/app_update.yml --inventory ec2_instances -e app_version=2     version 2 of the application
  npx play playbooks/app_update.yml --inventory ec2_instances --check --diff       what would change, line by line
  cd playbooks; npx rollout status                                                  the fleet, behind the load balancer
  npx playbake sandbox ssh web1                                                     look around on a host
  npx playbake sandbox reset                                                        pristine hosts again
  npx playbake sandbox down                                                         all gone
X
