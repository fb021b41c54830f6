#!/bin/sh
# Writes a line into the ledger.
set -eu
journal=/srv/ledger/state/lines
printf '%s %s\n' "$(date -u +%FT%TZ)" "$*" >>"$journal"
