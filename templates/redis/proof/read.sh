#!/bin/sh
# Prints "SEQ VALUE" for each entry of the stream that write.sh wrote, in pages.
set -eu

# shellcheck source=SCRIPTDIR/redis-cli.sh
. "$(dirname "$0")/redis-cli.sh"

start=-
while :; do
  page=$(exec_redis_cli XRANGE "holdfast:$LEDGER" "$start" + COUNT 5000)
  [ -n "$page" ] || exit 0
  asked=$start
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
  # redis-cli does not fail by the server's errors: what is no page leads to no other one.
  [ "$start" != "$asked" ] || fail "$page"
done
