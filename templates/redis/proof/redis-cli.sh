# Sourced by the scripts beside it.
# shellcheck shell=sh
LC_ALL=C
export LC_ALL

fail() {
  echo "$*" >&2
  exit 1
}

# exec_redis_cli ARGUMENT...: becomes a client of the server at $HOST. The password stands in its environment.
exec_redis_cli() {
  if [ -e "$CREDENTIALS/certificate" ] && [ -e "$CREDENTIALS/key" ]; then
    set -- --cert "$CREDENTIALS/certificate" --key "$CREDENTIALS/key" "$@"
  fi
  if [ -e "$CREDENTIALS/ca" ]; then set -- --tls --cacert "$CREDENTIALS/ca" "$@"; fi
  if [ -e "$CREDENTIALS/password" ]; then
    REDISCLI_AUTH=$(cat "$CREDENTIALS/password")
    export REDISCLI_AUTH
  fi
  exec redis-cli -h "$HOST" -p "$PORT" "$@"
}
