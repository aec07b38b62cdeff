#!/bin/sh
# Makes of the Secret's files, which hold plain passwords, what the server and the exporter read:
# users.acl with hashes, and exporter.json. Both lie in memory and are replaced as a whole.
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
    password_of "$name"
    hash=$(printf %s "$password" | sha256sum)
    printf 'user %s on%s #%s\n' "$name" "${rules:+ $rules}" "${hash%% *}"
  done
}

# json_string TEXT: bytes above 127 pass as they are, so UTF-8 stays UTF-8.
json_string() {
  printf %s "$1" | LC_ALL=C awk '
    BEGIN {
      for (i = 1; i < 32; i++) escaped[sprintf("%c", i)] = sprintf("\\u%04x", i)
      escaped["\""] = "\\\""
      escaped["\\"] = "\\\\"
    }
    {
      for (i = 1; i <= length($0); i++) {
        c = substr($0, i, 1)
        text = text (c in escaped ? escaped[c] : c)
      }
    }
    END { printf "\"%s\"", text }'
}

# What the server, its probes and the exporter use: the mounted files change with their Secret, these only
# with the pod, so that the three of them always agree.
if uses_tls; then
  mkdir -p "$RUN_DIR/tls"
  cp -f "$TLS_DIR/ca.crt" "$TLS_DIR/tls.crt" "$TLS_DIR/tls.key" "$RUN_DIR/tls/"
fi

acl=$RUN_DIR/users.acl
exporter=$RUN_DIR/exporter.json
if [ -e "$CONFIG_DIR/users" ]; then
  print_users <"$CONFIG_DIR/users" >"$acl.new"
  # Without a line for it, Redis lets the default user in without a password.
  grep -q '^user default ' "$acl.new" || fail "$CONFIG_DIR/users has no line for the user default"
  password_of default
  printf %s "$password" >"$RUN_DIR/redis-password.new"
  mv "$RUN_DIR/redis-password.new" "$RUN_DIR/redis-password"
  scheme=redis
  if uses_tls; then scheme=rediss; fi
  printf '{"%s://localhost:%s":%s}\n' "$scheme" "$(client_port)" "$(json_string "$password")" >"$exporter.new"
else
  # A ConfigMap of the installation's own may lack the file; that must not open the server to everybody.
  [ ! -e "$SECRETS_DIR" ] || fail "$CONFIG_DIR/users is missing, but there are passwords in $SECRETS_DIR"
  echo 'user default on nopass ~* &* +@all' >"$acl.new"
  echo '{}' >"$exporter.new"
fi
mv "$acl.new" "$acl"
mv "$exporter.new" "$exporter"
