#!/bin/sh
# Prints "SEQ VALUE" for all fields of the hash from $FROM on, in ascending order.
set -eu

REDISCLI_AUTH=$(cat "$CREDENTIALS/password")
export REDISCLI_AUTH

redis-cli -h "$HOST" -p "$PORT" HGETALL "$LEDGER" | {
  while read -r seq && read -r value; do
    # An error is one line.
    [ "$seq" -lt "$FROM" ] || echo "$seq $value"
  done
} | sort -n
