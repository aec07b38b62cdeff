#!/bin/sh
# live.sh [LIMIT]: whether the server's process still answers. The limit is longer than at the start:
# a slow command or a fork of much memory makes a working server silent for a while.
set -eu

# shellcheck source=SCRIPTDIR/client.sh
. "$(dirname "$0")/client.sh"

alive "${1:-10}"
