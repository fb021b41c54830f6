#!/bin/sh
# The floor with OpenSSH: one client and one script a host, all at once. CASE, and BENCH_* as ../engines/floors.ts sets them.
set -u
case $1 in
  one | p1 | p2) remote='sh -s' input=$BENCH_SCRIPT ;;
  p3) remote='sudo sh -s' input=$BENCH_SCRIPT ;;
  p4a) remote='mkdir -p /var/tmp/bench && cat >/var/tmp/bench/large' input=$BENCH_CONTENT/large ;;
  p4b)
    remote='mkdir -p /var/tmp/bench && tar -xf - -C /var/tmp/bench' input=$BENCH_SCRATCH/small.tar
    tar -cf "$input" -C "$BENCH_CONTENT/small" .
    ;;
esac
ids=
for address in $BENCH_ADDRESSES; do
  ssh -F none -i "$BENCH_KEY" -o BatchMode=yes -o IdentitiesOnly=yes -o LogLevel=ERROR \
    -o UserKnownHostsFile="$BENCH_KNOWN_HOSTS" "$BENCH_USER@$address" "$remote" <"$input" >/dev/null &
  ids="$ids $!"
done
status=0
for id in $ids; do wait "$id" || status=1; done
exit $status
