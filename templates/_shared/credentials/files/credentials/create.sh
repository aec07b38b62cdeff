#!/bin/sh
# Makes the Secrets of passwords that nobody gave, each with a random one. A Secret that is there is
# left as it is: the application's data was made with it. Secrets reach no argument and no output.
set -eu
umask 077

account=/var/run/secrets/kubernetes.io/serviceaccount
host=$KUBERNETES_SERVICE_HOST
case $host in *:*) host="[$host]" ;; esac
secrets=https://$host:$KUBERNETES_SERVICE_PORT/api/v1/namespaces/$NAMESPACE/secrets
header=/tmp/header
answer=/tmp/answer

{
  printf 'Authorization: Bearer '
  cat "$account/token"
} >"$header"

# 32 letters and digits are 190 bits; 1024 random bytes hold that many with certainty.
password() {
  random=$(head -c 1024 /dev/urandom | LC_ALL=C tr -dc 'A-Za-z0-9')
  printf '%.32s' "$random"
}

# The manifest with the password in the place of PASSWORD.
filled() {
  manifest=$(cat "$1")
  printf '%s%s%s' "${manifest%%PASSWORD*}" "$(password | base64)" "${manifest#*PASSWORD}"
}

for file in "$MANIFESTS"/*.json; do
  name=$(basename "$file" .json)
  code=$(filled "$file" | curl --silent --show-error --max-time 20 --retry 5 --retry-connrefused \
    --cacert "$account/ca.crt" --header "@$header" --header 'Content-Type: application/json' \
    --data-binary @- --output "$answer" --write-out '%{http_code}' "$secrets")
  case $code in
  201) echo "the Secret of $name is made" ;;
  409) echo "the Secret of $name is there already" ;;
  *)
    echo "the API server answered $code when asked to make the Secret of $name:"
    sed -n 's/.*"message": *"\([^"]*\)".*/\1/p' "$answer"
    exit 1
    ;;
  esac
done
