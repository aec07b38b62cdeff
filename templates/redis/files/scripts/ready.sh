#!/bin/sh
# ready.sh [LIMIT]: whether the server serves its clients, asked as they ask: by its port, with TLS and
# the password. Only PONG says so; redis-cli exits with 0 on most other answers too.
set -eu

# shellcheck source=SCRIPTDIR/client.sh
. "$(dirname "$0")/client.sh"

said=$(answer_to_client "${1:-3}" localhost "$PORT" ping)
[ "$said" = PONG ] || fail "not ready: $said"
