# Joins this node to the server named by K3S_URL; sourced by entrypoint.sh.
# shellcheck shell=bash

[ -n "$SERVER_URL" ] || fail 'an agent needs the server: set K3S_URL=https://HOST:6443'
[ -n "$TOKEN" ] || fail 'an agent needs the token that the server was started with: set K3S_TOKEN'
SERVER_HOST=${SERVER_URL#https://}
SERVER_HOST=${SERVER_HOST%%[:/]*}
# The server's container may be started after this one.
until getent ahostsv4 "$SERVER_HOST" >/dev/null; do alive; done
NODE_IP=$(node_ip)
ca=$state/agent/client-ca.crt
bootstrap=$state/agent/bootstrap.conf

# The cluster's authority, asked with the token: every namespace publishes it in a ConfigMap.
fetch_authority() {
  mkdir -p "$state/agent"
  until kubectl --server "$SERVER_URL" --insecure-skip-tls-verify --token "$TOKEN" \
    get configmap kube-root-ca.crt --namespace kube-system \
    --output 'jsonpath={.data.ca\.crt}' >"$ca.new" 2>/dev/null && [ -s "$ca.new" ]; do alive; done
  mv "$ca.new" "$ca"
}

write_kubeconfig() {
  (umask 077 && cat >"$bootstrap" <<CONFIG)
apiVersion: v1
kind: Config
clusters: [{ name: c, cluster: { server: "$SERVER_URL", certificate-authority: "$ca" } }]
users: [{ name: u, user: { token: "$TOKEN" } }]
contexts: [{ name: x, context: { cluster: c, user: u } }]
current-context: x
CONFIG
}

prepare_machine
keep_traffic_inside
masquerade_what_leaves
start_containerd
import_images
fetch_authority
write_kubeconfig
start_kubelet --kubeconfig "$state/agent/kubelet.conf" --bootstrap-kubeconfig "$bootstrap"
start_kube_proxy "$bootstrap"
follow_nodes "$bootstrap" &
