#!/bin/sh
# test.sh HOST PORT: writes a key by way of the Service, reads it back, and removes it. Run by helm test.
set -eu

# shellcheck source=SCRIPTDIR/client.sh
. "$(dirname "$0")/client.sh"

key=helm-test:$(uname -n)
value=$(date -u +%Y-%m-%dT%H:%M:%SZ)

service=$1
service_port=$2

# expect ANSWER COMMAND...
expect() {
  expected=$1
  shift
  said=$(answer_to_client 10 "$service" "$service_port" "$@")
  [ "$said" = "$expected" ] || fail "$service:$service_port answered '$said' to $1, not '$expected'"
}

expect OK set "$key" "$value" ex 60
expect "$value" get "$key"
expect 1 del "$key"
echo "$service:$service_port kept what was written"
