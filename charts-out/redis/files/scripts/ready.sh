#!/bin/sh
# ready.sh [LIMIT]: whether the server serves its clients, asked as they ask: by its port, with TLS and
# the password. Only PONG says so; redis-cli exits with 0 on most other answers too.
set -eu

# shellcheck source=SCRIPTDIR/client.sh
. "$(dirname "$0")/client.sh"

limit=${1:-3}
# Into the environment of redis-cli, not its arguments, which everybody may read. Only the user that may
# read the file as well may read the environment. As an AUTH command on standard input, the password would
# have to be quoted by redis-cli's own rules.
if [ -e "$SECRETS_DIR/redis-password" ]; then
  REDISCLI_AUTH=$(cat "$SECRETS_DIR/redis-password")
  export REDISCLI_AUTH
fi
set -- -h localhost -p "$(client_port)"
# redis-cli looks at who has signed the server's certificate, never at the names in it, so "localhost" need
# not be among them. The client's own is always offered: the server may ask for one.
if uses_tls; then
  set -- "$@" --tls --cacert "$TLS_DIR/ca.crt" --cert "$TLS_DIR/tls.crt" --key "$TLS_DIR/tls.key"
fi
answer=$(answer_to_ping "$limit" "$@")
[ "$answer" = PONG ] || fail "not ready: $answer"
