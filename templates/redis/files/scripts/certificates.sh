#!/bin/sh
# certificates.sh SERVER: hands a renewed certificate to the server, the process SERVER, which reads its files
# only when it is told to. Run by start.sh beside the server, and ends after it.
set -u

# shellcheck source=SCRIPTDIR/client.sh
. "$(dirname "$0")/client.sh"
umask 077

# Seconds between two looks.
CERTIFICATE_PERIOD=${CERTIFICATE_PERIOD:-60}

# sum_of FOLDER
sum_of() {
  cat "$1/ca.crt" "$1/tls.crt" "$1/tls.key" 2>/dev/null | sha256sum
}

sign_in
# What need not be tried again.
refused=
while sleep "$CERTIFICATE_PERIOD" && kill -0 "$1" 2>/dev/null; do
  case $(sum_of "$TLS_DIR") in "$(sum_of "$RUN_DIR/tls")" | "$refused") continue ;; esac
  # The former copies go now, not when they are replaced: a probe may just have been reading them.
  used=$(readlink "$RUN_DIR/tls")
  for folder in "$RUN_DIR"/tls.*; do
    [ "${folder##*/}" = "$used" ] || rm -rf "$folder"
  done
  copy_certificates || continue
  # The server first: it takes all three or stays with the former, and so does everybody else.
  said=$(answer 10 -s "$RUN_DIR/redis.sock" config set tls-cert-file "$copies/tls.crt" \
    tls-key-file "$copies/tls.key" tls-ca-cert-file "$copies/ca.crt")
  case $said in
    OK)
      use_certificates && say 'the server uses the renewed certificate'
      continue
      ;;
    *'CONFIG SET failed'*) say "the server refuses the renewed certificate, and keeps the former: $said" ;;
    *NOPERM* | *'unknown command'*)
      say "the server uses the renewed certificate when the pod restarts, not before: $said"
      ;;
    *)
      say "the server has not taken the renewed certificate, and is asked again: $said"
      continue
      ;;
  esac
  refused=$(sum_of "$copies")
done
