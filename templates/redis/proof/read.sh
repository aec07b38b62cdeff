#!/bin/sh
# Prints "SEQ VALUE" for each entry of the stream that write.sh wrote, from $FROM on, in pages.
set -eu

# shellcheck source=SCRIPTDIR/redis-cli.sh
. "$(dirname "$0")/redis-cli.sh"

start=$FROM-0
while :; do
  page=$(exec_redis_cli XRANGE "holdfast:$LEDGER" "$start" + COUNT 5000)
  [ -n "$page" ] || exit 0
  while read -r id && read -r field && read -r value; do
    case $id in
      *[!0-9-]*) fail "$id $field $value" ;;
      *-1) [ "$field" = value ] || fail "entry $id has the field $field" ;;
      *) fail "entry $id was not written by write.sh" ;;
    esac
    echo "${id%-1} $value"
    start="($id"
  done <<END
$page
END
  [ "$start" != "$FROM-0" ] || fail "$page"
done
