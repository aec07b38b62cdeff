#!/bin/sh
# Prints "SEQ VALUE" for all fields of the hash, as the server at $HOST has them.
set -eu

# Not in a pipe, where nobody would see it fail. -e: errors fail as well.
fields=$(redis-cli -e -h "$HOST" -p "$PORT" HGETALL "$LEDGER")
printf '%s\n' "$fields" | awk 'NR % 2 { seq = $0; next } { print seq, $0 }' | sort -n
