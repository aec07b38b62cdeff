# Boots the control plane and this node's own kubelet; sourced by entrypoint.sh.
# shellcheck shell=bash

NODE_IP=$(node_ip)
tls=$state/server/tls
admin=$tls/super-admin.conf

# Certificates and kubeconfig files by kubeadm; kept when the container is stopped and started.
make_certificates() {
  mkdir -p "$tls" "$state/agent"
  {
    printf 'apiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\n'
    printf 'localAPIEndpoint: { advertiseAddress: %s, bindPort: 6443 }\n' "$NODE_IP"
    printf 'nodeRegistration: { name: "%s" }\n---\n' "$NODE_NAME"
    printf 'apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\n'
    printf 'kubernetesVersion: %s\n' "$(kubectl version --client | awk '/^Client/ { print $3 }')"
    printf 'certificatesDir: %s\nnetworking: { serviceSubnet: %s }\n' "$tls" "$service_cidr"
    printf 'apiServer:\n  certSANs: [127.0.0.1, localhost%s]\n' "$(printf ', "%s"' "${TLS_SANS[@]}")"
  } >"$tls/kubeadm.yaml"
  [ -f "$tls/ca.crt" ] || kubeadm init phase certs all --config "$tls/kubeadm.yaml" >/dev/null
  [ -f "$admin" ] ||
    kubeadm init phase kubeconfig all --config "$tls/kubeadm.yaml" --kubeconfig-dir "$tls" >/dev/null
  [ -n "$TOKEN" ] || TOKEN=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  (umask 077 && printf '%s,node,node,"system:bootstrappers"\n' "$TOKEN" >"$tls/tokens.csv")
  cp "$tls/ca.crt" "$state/agent/client-ca.crt"
}

# Told to end, an API server would wait for open watches for a minute, unless it may end them.
start_control_plane() {
  start etcd --data-dir "$state/server/etcd" --log-level warn \
    --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 \
    --listen-peer-urls http://127.0.0.1:2380
  start kube-apiserver --etcd-servers http://127.0.0.1:2379 --secure-port 6443 \
    --advertise-address "$NODE_IP" --service-cluster-ip-range "$service_cidr" \
    --authorization-mode Node,RBAC --enable-admission-plugins NodeRestriction --allow-privileged \
    --shutdown-watch-termination-grace-period 1s \
    --client-ca-file "$tls/ca.crt" --token-auth-file "$tls/tokens.csv" \
    --tls-cert-file "$tls/apiserver.crt" --tls-private-key-file "$tls/apiserver.key" \
    --kubelet-client-certificate "$tls/apiserver-kubelet-client.crt" \
    --kubelet-client-key "$tls/apiserver-kubelet-client.key" \
    --kubelet-preferred-address-types InternalIP \
    --service-account-issuer https://kubernetes.default.svc.cluster.local \
    --service-account-key-file "$tls/sa.pub" --service-account-signing-key-file "$tls/sa.key" \
    --requestheader-client-ca-file "$tls/front-proxy-ca.crt" \
    --requestheader-allowed-names front-proxy-client \
    --requestheader-username-headers X-Remote-User --requestheader-group-headers X-Remote-Group \
    --requestheader-extra-headers-prefix X-Remote-Extra- \
    --proxy-client-cert-file "$tls/front-proxy-client.crt" \
    --proxy-client-key-file "$tls/front-proxy-client.key"
  until as "$admin" get --raw /readyz >/dev/null 2>&1; do alive; done
  start kube-controller-manager --kubeconfig "$tls/controller-manager.conf" \
    --leader-elect=false --allocate-node-cidrs --cluster-cidr "$cluster_cidr" \
    --service-cluster-ip-range "$service_cidr" --root-ca-file "$tls/ca.crt" \
    --cluster-signing-cert-file "$tls/ca.crt" --cluster-signing-key-file "$tls/ca.key" \
    --service-account-private-key-file "$tls/sa.key" --use-service-account-credentials \
    --authentication-kubeconfig "$tls/controller-manager.conf" \
    --authorization-kubeconfig "$tls/controller-manager.conf"
  start kube-scheduler --kubeconfig "$tls/scheduler.conf" --leader-elect=false
}

# As k3s leaves it: a block-style kubeconfig whose server line is rewritten by whoever fetches it.
publish_kubeconfig() {
  mkdir -p /etc/rancher/k3s
  (umask 077 && sed 's#server: .*#server: https://127.0.0.1:6443#' "$admin" >/etc/rancher/k3s/k3s.yaml)
}

prepare_machine
keep_traffic_inside
masquerade_what_leaves
make_certificates
start_containerd
start_control_plane
import_images &
imports=$!
as "$admin" apply --server-side --force-conflicts -f "$lib/manifests" >/dev/null
start_kubelet --kubeconfig "$tls/kubelet.conf"
start_kube_proxy "$admin"
follow_nodes "$admin" &
wait "$imports"
publish_kubeconfig
# A kubelet may not give itself this label.
until as "$admin" label node "$NODE_NAME" node-role.kubernetes.io/control-plane=true --overwrite \
  >/dev/null 2>&1; do alive; done
until [ "$(as "$admin" get node "$NODE_NAME" --ignore-not-found \
  -o jsonpath='{.status.conditions[?(@.type=="Ready")].status}')" = True ]; do alive; done
echo 'Node controller sync successful (stand-in for k3s: Kubernetes from its Go module)'
