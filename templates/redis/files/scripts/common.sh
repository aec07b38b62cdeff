#!/bin/sh
# What the scripts share: where things lie, how they speak, and the certificates. Sourced by them.

CONFIG_DIR=${CONFIG_DIR:-/etc/redis}
DATA_DIR=${DATA_DIR:-/data}
SECRETS_DIR=${SECRETS_DIR:-/run/secrets/redis}
RUN_DIR=${RUN_DIR:-/run/redis}
TLS_DIR=${TLS_DIR:-/run/tls/redis}
PORT=${PORT:-6379}

say() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
}

fail() {
  say "$*"
  exit 1
}

# Whether certificates are mounted. Their folder is asked for, not the files: without these, the start fails
# instead of going on without TLS.
uses_tls() {
  [ -e "$TLS_DIR" ]
}

# Copies the mounted certificate, its key and its authority into a new folder in memory, and sets `copies`
# to it. The kubelet replaces them together, by the link ..data, so they are read behind it.
copy_certificates() {
  mounted=$(cd "$TLS_DIR/..data" 2>/dev/null && pwd -P) || mounted=$TLS_DIR
  copies=$(mktemp -d "$RUN_DIR/tls.XXXXXX") &&
    cp "$mounted/ca.crt" "$mounted/tls.crt" "$mounted/tls.key" "$copies/"
}

# Makes the copies those that server, probes and exporter find, by a link that is replaced in one step.
use_certificates() {
  ln -sfn "${copies##*/}" "$RUN_DIR/tls-new" && mv -fT "$RUN_DIR/tls-new" "$RUN_DIR/tls"
}
