#!/bin/bash
# The first process of a node container. Keeps the contract of the k3s image, so that whatever boots
# k3s in a container boots this as well:
#   entrypoint.sh server [--token T] [--tls-san NAME]... [--node-name N] [--node-label L]... [--node-taint T]...
#   entrypoint.sh agent   with K3S_URL and K3S_TOKEN set (or --server, --token)
set -euo pipefail

lib=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=common.sh
. "$lib/common.sh"

role=${1:-server}
shift || true
TOKEN=${K3S_TOKEN:-}
SERVER_URL=${K3S_URL:-}
NODE_NAME=${K3S_NODE_NAME:-$(cat /proc/sys/kernel/hostname)}
NODE_LABELS=''
NODE_TAINTS=''
TLS_SANS=()

while [ $# -gt 0 ]; do
  option=${1%%=*}
  case "$1" in
    *=*) value=${1#*=} && shift ;;
    *) value=${2:-} && shift $(($# > 1 ? 2 : 1)) ;;
  esac
  case "$option" in
    --token) TOKEN=$value ;;
    --server) SERVER_URL=$value ;;
    --node-name) NODE_NAME=$value ;;
    --node-label) NODE_LABELS=${NODE_LABELS:+$NODE_LABELS,}$value ;;
    --node-taint) NODE_TAINTS=${NODE_TAINTS:+$NODE_TAINTS,}$value ;;
    --tls-san) IFS=, read -r -a names <<<"$value" && TLS_SANS+=("${names[@]}") ;;
    --disable) ;; # what k3s can disable (traefik, servicelb, metrics-server) is not in this image
    *) fail "unknown option $option; this image stands in for k3s and knows only --token, --server," \
      "--node-name, --node-label, --node-taint, --tls-san and --disable" ;;
  esac
done

case "$role" in
  server | agent) ;;
  *) fail "the first argument is server or agent, not $role" ;;
esac

children=()
mkfifo -m 600 /run/never 2>/dev/null || true
trap stop_all TERM INT

if [ "$role" = server ]; then
  # shellcheck source=server.sh
  . "$lib/server.sh"
else
  # shellcheck source=agent.sh
  . "$lib/agent.sh"
fi

# Bash answers a signal at once while it waits; the first child that ends ends the node.
wait -n "${children[@]}" || true
fail 'a program of this node has ended, see above'
