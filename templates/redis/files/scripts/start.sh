#!/bin/sh
# Starts the server, once for each data directory: the process of a pod that was deleted by force may
# still run beside its successor, and two servers on one append-only file destroy it.
set -eu

# shellcheck source=SCRIPTDIR/common.sh
. "$(dirname "$0")/common.sh"

fail_access() {
  fail "$1 can't be read and written by uid $(id -u) with the groups $(id -G);" \
    "set fsGroup in the pod's security context to one of them, or see that the volume is not read-only"
}

# Seconds; longer than the former pod may take to stop.
LOCK_WAIT=${LOCK_WAIT:-120}
lock=$DATA_DIR/.lock

if ! (: >>"$lock") 2>/dev/null; then fail_access "$DATA_DIR"; fi
# The server inherits this descriptor, and so do the children that write for it: the lock is free when
# the last of them is gone, however it ended.
exec 9>>"$lock"
if ! flock -n 9; then
  waiter=
  trap '[ -z "$waiter" ] || kill "$waiter"; exit 143' TERM INT
  say "waiting up to $LOCK_WAIT s: $DATA_DIR is in use by the server of $(cat "$lock")"
  # In the background, because a shell acts on a signal only after the command that it waits for.
  timeout "$LOCK_WAIT" flock 9 &
  waiter=$!
  wait "$waiter" || fail "gave up after $LOCK_WAIT s: $DATA_DIR is in use by the server of $(cat "$lock")"
  trap - TERM INT
fi
# Who holds the lock, for whoever waits. A full disk must not keep the server from starting.
(: >"$lock" && echo "$(uname -n), since $(date -u +%Y-%m-%dT%H:%M:%SZ)" >&9) 2>/dev/null || true

# shellcheck source=SCRIPTDIR/data.sh
. "$(dirname "$0")/data.sh"

# Redis heeds no requirepass beside a file of users.
if [ ! -e "$SECRETS_DIR" ]; then
  case $(setting requirepass) in
    '') ;;
    '?') fail "an include of a pattern may set requirepass, which would have no effect: include files by their names" ;;
    *)
      fail "requirepass would have no effect, and the server be open to everybody: set auth.enabled, and give the" \
        "password by the Secret"
      ;;
  esac
fi

# What the scripts rely on, and what the chart promises, is given here, where no configuration changes it.
set -- --unixsocket "$RUN_DIR/redis.sock" --unixsocketperm 700 \
  --dir "$DATA_DIR" --dbfilename dump.rdb --appenddirname appendonlydir --appendfilename appendonly.aof \
  --appendonly "$appendonly" --aclfile "$RUN_DIR/users.acl" --protected-mode no
# By itself, Redis forces writes to the disk once a second. Less than always is to be somebody's decision.
case $(setting appendfsync) in '' | '?') set -- "$@" --appendfsync always ;; esac
# redis.conf has no dump written at the end, because the append-only file has everything.
[ "$appendonly" = yes ] || set -- "$@" --shutdown-on-sigterm default
if uses_tls; then
  tls=$RUN_DIR/tls
  set -- "$@" --port 0 --tls-port "$PORT" --tls-replication yes \
    --tls-cert-file "$tls/tls.crt" --tls-key-file "$tls/tls.key" --tls-ca-cert-file "$tls/ca.crt"
  # Without the lock, which is the server's alone.
  sh "$(dirname "$0")/certificates.sh" "$$" 9>&- &
else
  set -- "$@" --port "$PORT"
fi
exec redis-server "$CONFIG_DIR/redis.conf" "$@"
