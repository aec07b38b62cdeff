#!/bin/sh
# Sets a field of a hash for each line "SEQ VALUE" of standard input, by a client of its own each time: that
# there is no such answer but the server's makes up for what that costs.
set -u

REDISCLI_AUTH=$(cat "$CREDENTIALS/password")
export REDISCLI_AUTH

while read -r seq value; do
  answer=$(redis-cli -h "$HOST" -p "$PORT" HSET "$LEDGER" "$seq" "$value" 2>&1)
  # 1: a new field, 0: one that was there.
  case $answer in
    1 | 0) echo "ack $seq" ;;
    *) echo "unknown $seq $answer" ;;
  esac
done
