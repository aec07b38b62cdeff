#!/bin/sh
# Prints what stays the same for this server: its role, and a name that its data has since the first question.
set -eu

# shellcheck source=SCRIPTDIR/redis-cli.sh
. "$(dirname "$0")/redis-cli.sh"

role=$(exec_redis_cli ROLE)
role=${role%%[!a-z]*}
case $role in
  master | slave | sentinel) echo "role=$role" ;;
  *) fail "no role" ;;
esac

read -r name </proc/sys/kernel/random/uuid
known=$(exec_redis_cli SET holdfast:data-set "$name" NX GET)
known=${known:-$name}
case $known in
  *[!0-9a-f-]*) fail "$known" ;;
  *) echo "data-set=$known" ;;
esac
