#!/bin/sh
# Prints "SEQ VALUE" for all fields of the hash, in ascending order.
set -eu

REDISCLI_AUTH=$(cat "$CREDENTIALS/password")
export REDISCLI_AUTH

# Not in a pipe, where nobody would see it fail: that is no proof that there is nothing. -e: errors fail as well.
fields=$(redis-cli -e -h "$HOST" -p "$PORT" HGETALL "$LEDGER")
[ -n "$fields" ] || exit 0

while read -r seq && read -r value; do
  echo "$seq $value"
done <<END | sort -n
$fields
END
