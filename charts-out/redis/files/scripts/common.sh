#!/bin/sh
# What the scripts share: where things lie, how they speak, what the settings say. Sourced by them.

CONFIG_DIR=${CONFIG_DIR:-/etc/redis}
DATA_DIR=${DATA_DIR:-/data}
SECRETS_DIR=${SECRETS_DIR:-/run/secrets/redis}
RUN_DIR=${RUN_DIR:-/run/redis}
TLS_DIR=${TLS_DIR:-/run/tls/redis}

say() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
}

fail() {
  say "$*"
  exit 1
}

# Prints what the configuration says about a directive, or nothing. The last line wins, as for Redis. A
# configuration of the installation's own may be redis.conf alone.
setting() {
  cat "$CONFIG_DIR/redis.conf" "$CONFIG_DIR/settings.conf" 2>/dev/null | awk -v name="$1" '
    tolower($1) == name { value = $2 }
    END { gsub(/["\047]/, "", value); print value }'
}

uses_tls() {
  tls_port=$(setting tls-port)
  [ "${tls_port:-0}" != 0 ]
}

# Prints the port that clients use.
client_port() {
  if uses_tls; then port=$(setting tls-port); else port=$(setting port); fi
  echo "${port:-6379}"
}
