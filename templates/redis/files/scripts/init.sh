#!/bin/sh
# Makes what the server and the exporter read: users.acl with hashes of the Secret's passwords, and
# exporter.json. Both lie in memory and are replaced as a whole.
set -eu

# shellcheck source=SCRIPTDIR/common.sh
. "$(dirname "$0")/common.sh"
umask 077

# password_of USER: sets `password`, without the line end that an editor leaves in the file.
password_of() {
  key=$1-password
  [ "$1" != default ] || key=redis-password
  file=$SECRETS_DIR/$key
  [ -e "$file" ] || fail "no password for user $1: $file is missing; add the key $key to the Secret"
  password=$(cat "$file")
  case $password in
    '') fail "no password for user $1: $file is empty; give the Secret's key $key a value" ;;
    *"
"*) fail "$file has more than one line; the Secret's key $key must hold the password of $1 alone" ;;
  esac
}

# The hash stands last, so that no rule before it can leave the user without a password.
print_users() {
  while read -r name rules || [ -n "$name" ]; do
    case $name in '' | '#'*) continue ;; esac
    [ "$name" != "$EXPORTER_USER" ] || fail "the user $name is the chart's own; give yours another name"
    password_of "$name"
    hash=$(printf %s "$password" | sha256sum)
    printf 'user %s on%s #%s\n' "$name" "${rules:+ $rules}" "${hash%% *}"
  done
}

# What the server, its probes and the exporter use: the mounted files change with their Secret, these only
# when the server has taken the new ones, so that the three of them always agree.
if uses_tls; then
  copy_certificates
  use_certificates
fi

# The exporter has a user of its own, which can read no key: whoever reaches its port can make it ask for any.
# Nobody but the exporter needs the password, so that it lasts as long as the pod.
EXPORTER_USER=redis-exporter
EXPORTER_RULES='-@all +ping +info +client|setname +config|get +slowlog|len +slowlog|get'
EXPORTER_RULES="$EXPORTER_RULES +latency|latest +latency|histogram"
# A shell does not tell that the first command of a pipe failed.
exporter_password=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
[ "${#exporter_password}" = 64 ] || fail 'got no random password for the exporter from /dev/urandom'

acl=$RUN_DIR/users.acl
exporter=$RUN_DIR/exporter.json
if [ -e "$CONFIG_DIR/users" ]; then
  print_users <"$CONFIG_DIR/users" >"$acl.new"
  # Without a line for it, Redis lets the default user in without a password.
  grep -q '^user default ' "$acl.new" || fail "$CONFIG_DIR/users has no line for the user default"
  password_of default
  printf %s "$password" >"$RUN_DIR/redis-password.new"
  mv "$RUN_DIR/redis-password.new" "$RUN_DIR/redis-password"
else
  # A ConfigMap of the installation's own may lack the file; that must not open the server to everybody.
  [ ! -e "$SECRETS_DIR" ] || fail "$CONFIG_DIR/users is missing, but there are passwords in $SECRETS_DIR"
  echo 'user default on nopass ~* &* +@all' >"$acl.new"
fi
hash=$(printf %s "$exporter_password" | sha256sum)
printf 'user %s on %s #%s\n' "$EXPORTER_USER" "$EXPORTER_RULES" "${hash%% *}" >>"$acl.new"
scheme=redis
if uses_tls; then scheme=rediss; fi
printf '{"%s://%s@localhost:%s":"%s"}\n' "$scheme" "$EXPORTER_USER" "$PORT" "$exporter_password" >"$exporter.new"
mv "$acl.new" "$acl"
mv "$exporter.new" "$exporter"
