#!/bin/sh
# How the probes ask the server of their own pod. Sourced by them.

# shellcheck source=SCRIPTDIR/common.sh
. "$(dirname "$0")/common.sh"

# [A-Z] is to mean capitals and nothing else.
export LC_ALL=C
# A server that is full closes connections before they ask, and redis-cli is to say so instead of dying.
trap '' PIPE

# answer_to_ping LIMIT OPTION...: prints the answer, or what redis-cli says instead of one; LIMIT in seconds.
# `timeout` exits with 124 or, in busybox, as the signal that ended its program.
answer_to_ping() {
  limit=$1
  shift
  timeout "$limit" redis-cli "$@" ping 2>&1 || [ $? -lt 124 ] || echo "no answer within $limit s"
}

# alive LIMIT: whether the server's process answers, whatever it answers. A server that loads, runs a long
# script, has lost its master, was given another password or takes no more clients is working, and must not
# be restarted. Neither must one whose certificate has expired or was replaced: hence the socket file, which
# start.sh names. Each answer of a server begins with a word in capitals (PONG, LOADING, NOAUTH, ERR).
alive() {
  answer=$(answer_to_ping "$1" -s "$RUN_DIR/redis.sock")
  case $answer in
    [A-Z][A-Z]* | *'Broken pipe'* | *'Connection reset'* | *'closed the connection'*) ;;
    *) fail "not alive: $answer" ;;
  esac
}
