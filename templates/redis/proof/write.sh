#!/bin/sh
# Adds an entry to a stream for each line "SEQ VALUE" of standard input. SEQ is the entry's ID, and the ID is the
# server's answer: so an acknowledgement belongs to its write, also where redis-cli connects anew by itself,
# and sends again what the server has perhaps had before.
set -eu

# shellcheck source=SCRIPTDIR/redis-cli.sh
. "$(dirname "$0")/redis-cli.sh"

folder=$(mktemp -d)
stream=holdfast:$LEDGER
cli=
clients=0

end_client() {
  [ -n "$cli" ] || return 0
  exec 3>&- 4<&-
  kill "$cli" 2>/dev/null || true
  wait "$cli" 2>/dev/null || true
  rm -f "$folder/in" "$folder/out"
  cli=
}
trap 'end_client; rm -rf "$folder"' EXIT
trap 'exit 143' TERM INT HUP

# Sets `line`; redis-cli ends an error with an empty one.
next_line() {
  line=
  while [ -z "$line" ]; do
    IFS= read -r line <&4 || return 1
  done
}

# Starts a client that gives its connection a name. Where it has none, nothing else was sent.
# Descriptor 3 is open in both directions: writing to a client that has died must not end this script.
connect() {
  clients=$((clients + 1))
  name=holdfast-$$-$clients
  mkfifo "$folder/in" "$folder/out"
  exec_redis_cli <"$folder/in" >"$folder/out" 2>&1 &
  cli=$!
  exec 3<>"$folder/in" 4<"$folder/out"
  echo "CLIENT SETNAME $name" >&3
  if next_line && [ "$line" = OK ]; then return 0; fi
  end_client
  return 1
}

# Whether the client has not connected anew since then: a new connection has no name.
is_same_connection() {
  printf 'CLIENT GETNAME\nECHO end-%s\n' "$name" >&3
  same=1
  while next_line; do
    case $line in
      "$name") same=0 ;;
      "end-$name") return "$same" ;;
      'Could not connect'* | 'Error: '* | [A-Z][A-Z]*' '*) return 1 ;;
    esac
  done
  return 1
}

# What the server answers with its word for an error first, such as OOM, was surely refused, if it was not sent twice.
is_refused() {
  case $1 in
    *'equal or smaller'*) return 1 ;;
    [A-Z][A-Z]*' '*) is_same_connection ;;
    *) return 1 ;;
  esac
}

while read -r seq value; do
  if [ -z "$cli" ] && ! connect; then
    echo "fail $seq $line"
    continue
  fi
  echo "XADD $stream $seq-1 value $value" >&3
  next_line || true
  answer=$line
  if [ "$answer" = "$seq-1" ]; then
    echo "ack $seq"
  elif is_refused "$answer"; then
    echo "fail $seq $answer"
  else
    end_client
    echo "unknown $seq $answer"
  fi
done
