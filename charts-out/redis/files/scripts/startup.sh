#!/bin/sh
# startup.sh [LIMIT]: whether the server's process has come up. It may still be loading its data, for as
# long as that takes: from here on readiness tells when it serves.
set -eu

# shellcheck source=SCRIPTDIR/client.sh
. "$(dirname "$0")/client.sh"

alive "${1:-2}"
