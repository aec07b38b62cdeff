#!/bin/sh
# Prints the nonce that the replica at $HOST serves; runs in the proof's client pod.
set -eu
exec wget -q -T 5 -O - "http://$HOST:$PORT/$FILE"
