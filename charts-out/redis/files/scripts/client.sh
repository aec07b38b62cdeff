#!/bin/sh
# How the probes, helm test and certificates.sh ask the server. Sourced by them.

# shellcheck source=SCRIPTDIR/common.sh
. "$(dirname "$0")/common.sh"

# [A-Z] is to mean capitals and nothing else.
export LC_ALL=C
# A server that is full closes connections before they ask, and redis-cli is to say so instead of dying.
trap '' PIPE

# answer LIMIT ARGUMENT...: prints what redis-cli does, or that nothing came; LIMIT in seconds.
# `timeout` exits with 124 or, in busybox, as the signal that ended its program.
answer() {
  limit=$1
  shift
  timeout "$limit" redis-cli "$@" 2>&1 || [ $? -lt 124 ] || echo "no answer within $limit s"
}

# Has redis-cli give the password of the user default, where there is one.
sign_in() {
  # Into the environment of redis-cli, not its arguments, which everybody may read. Only the user that may
  # read the file as well may read the environment. As an AUTH command on standard input, the password would
  # have to be quoted by redis-cli's own rules.
  # Beside the server, what init.sh has kept of the start; in the pod of helm test, the Secret.
  secret=$RUN_DIR/redis-password
  [ -e "$secret" ] || secret=$SECRETS_DIR/redis-password
  if [ -e "$secret" ]; then
    REDISCLI_AUTH=$(cat "$secret")
    export REDISCLI_AUTH
  fi
}

# answer_to_client LIMIT HOST PORT COMMAND...: as answer, asked as clients ask: with the password and TLS.
answer_to_client() {
  sign_in
  limit=$1 host=$2 port=$3
  shift 3
  # redis-cli looks at who has signed the server's certificate, never at the names in it. The client's own is
  # always offered: the server may ask for one.
  if uses_tls; then
    # The folder behind the link, so that a renewal between its files makes no difference.
    tls=$(cd "$RUN_DIR/tls" 2>/dev/null && pwd -P) || tls=$TLS_DIR
    set -- --tls --cacert "$tls/ca.crt" --cert "$tls/tls.crt" --key "$tls/tls.key" "$@"
  fi
  answer "$limit" -h "$host" -p "$port" "$@"
}

# alive LIMIT: whether the server's process answers, whatever it answers. A server that loads, runs a long
# script, has lost its master, was given another password or takes no more clients is working, and must not
# be restarted. Neither must one whose certificate has expired or was replaced: hence the socket file, which
# start.sh names. Each answer of a server begins with a word in capitals (PONG, LOADING, NOAUTH, ERR).
alive() {
  said=$(answer "$1" -s "$RUN_DIR/redis.sock" ping)
  case $said in
    [A-Z][A-Z]* | *'Broken pipe'* | *'Connection reset'* | *'closed the connection'*) ;;
    *) fail "not alive: $said" ;;
  esac
}
