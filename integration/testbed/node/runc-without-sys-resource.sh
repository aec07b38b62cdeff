#!/bin/sh
# Stands in for runc on machines whose capability bounding set lacks CAP_SYS_RESOURCE: a container
# that asks for it (every privileged one does) would not start there. Removes that capability from
# the container's config.json (--bundle DIR) and from the process that `runc exec` adds
# (--process FILE), then runs the real runc with the same arguments.
set -eu

without_sys_resource() {
  [ -f "$1" ] || return 0
  jq -c "if $2 then $2 |= map_values(. // [] | map(select(. != \"CAP_SYS_RESOURCE\"))) else . end" \
    "$1" >"$1.holdfast"
  cat "$1.holdfast" >"$1"
  rm -f "$1.holdfast"
}

previous=''
for argument in "$@"; do
  case "$previous" in
    --bundle | -b) without_sys_resource "$argument/config.json" .process.capabilities ;;
    --process | -p) without_sys_resource "$argument" .capabilities ;;
  esac
  case "$argument" in
    --bundle=*) without_sys_resource "${argument#*=}/config.json" .process.capabilities ;;
    --process=*) without_sys_resource "${argument#*=}" .capabilities ;;
  esac
  previous=$argument
done
exec "${RUNC:-/usr/sbin/runc}" "$@"
