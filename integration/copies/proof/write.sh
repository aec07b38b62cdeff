#!/bin/sh
# Sets a field of a hash on the server at $HOST for each line "SEQ VALUE" of standard input.
set -u

while read -r seq value; do
  answer=$(redis-cli -h "$HOST" -p "$PORT" HSET "$LEDGER" "$seq" "$value" 2>&1)
  # 1: a new field, 0: one that was there.
  case $answer in
    1 | 0) echo "ack $seq" ;;
    *) echo "unknown $seq $answer" ;;
  esac
done
