# What server and agent share; sourced by entrypoint.sh, which sets the options named in capitals.
# shellcheck shell=bash disable=SC2034

state=/var/lib/rancher/k3s
cluster_cidr=10.42.0.0/16
service_cidr=10.43.0.0/16

# The address that the other nodes reach this one by: on a user-defined network where there is one
# beside Docker's own bridge. An agent asks the route to the server.
node_ip() {
  local towards
  if [ -n "${SERVER_HOST:-}" ]; then
    towards=$(getent ahostsv4 "$SERVER_HOST" | awk 'NR == 1 { print $1 }')
    ip -4 -o route get "$towards" | sed -n 's/.* src \([0-9.]*\).*/\1/p'
    return
  fi
  ip -4 -o addr show scope global | awk '{ sub(/\/.*/, "", $4); print $4 }' >/run/addresses
  grep -v '^172\.17\.' /run/addresses | head -n 1 | grep . || head -n 1 /run/addresses
}

# Pods must be able to share mounts with their node, and lie in cgroups below the container's own,
# which Docker removes with it. That part of the tree is mounted either by itself or at its place in
# the machine's whole tree.
prepare_machine() {
  mount --make-rshared /
  [ -f /etc/passwd ] || echo 'root:x:0:0:root:/root:/bin/sh' >/etc/passwd
  [ -f /etc/group ] || echo 'root:x:0:' >/etc/group
  [ -s /etc/machine-id ] || tr -d - </proc/sys/kernel/random/uuid >/etc/machine-id
  echo 1 >/proc/sys/net/ipv4/ip_forward
  local controller path mounted
  while IFS=: read -r _ controller path; do
    [ -n "$controller" ] || continue
    mounted=/sys/fs/cgroup/${controller#name=}
    [ -d "$mounted" ] || continue
    [ -d "$mounted$path" ] || path=
    cgroup_root=$path/pods
    mkdir -p "$mounted$cgroup_root"
    if [ "$controller" = cpuset ]; then
      cat "$mounted$path/cpuset.cpus" >"$mounted$cgroup_root/cpuset.cpus"
      cat "$mounted$path/cpuset.mems" >"$mounted$cgroup_root/cpuset.mems"
    fi
  done </proc/self/cgroup
  [ -n "${cgroup_root:-}" ] || fail 'this node image needs cgroup v1; use a k3s image on this machine'
}

# A packet to a Service address that no rule has translated yet must not leave the node: something
# outside might answer it. Addresses of pods that no node owns lead nowhere either.
keep_traffic_inside() {
  local chain
  for chain in OUTPUT FORWARD; do
    iptables -w -I "$chain" -d "$service_cidr" -m conntrack --ctstate NEW -j REJECT
  done
  ip route replace blackhole "$cluster_cidr"
}

# Each program's output goes to the container's log; the first one to end ends the node.
start() {
  "$@" &
  children+=("$!")
}

# Ends what was started in reverse order: an API server whose etcd has gone does not end by itself.
# What runs beside it ends with this process.
stop_all() {
  trap '' TERM INT
  local at
  for ((at = ${#children[@]} - 1; at >= 0; at--)); do
    kill "${children[at]}" 2>/dev/null || true
    wait "${children[at]}" || true
  done
  exit 0
}

start_containerd() {
  local runc=/usr/sbin/runc
  # Bit 24 of the bounding set is CAP_SYS_RESOURCE.
  if [ $((0x$(awk '/^CapBnd/ { print $2 }' /proc/self/status) >> 24 & 1)) -eq 0 ]; then
    runc=$lib/runc-without-sys-resource.sh
  fi
  mkdir -p /etc/containerd /etc/cni/net.d
  sed "s#@RUNC@#$runc#" "$lib/containerd.toml" >/etc/containerd/config.toml
  start containerd --log-level warn
  until ctr version >/dev/null 2>&1; do alive; done
}

import_images() {
  local archive
  for archive in "$lib"/images/{node,"$role"}/*.tar "$state"/agent/images/*.tar; do
    [ -f "$archive" ] || continue
    ctr -n k8s.io images import "$archive" >/dev/null
  done
}

# kubectl as a kubeconfig's user.
as() {
  local config=$1
  shift
  kubectl --kubeconfig "$config" "$@"
}

start_kubelet() { # KUBECONFIG-OPTIONS...
  mkdir -p "$state/agent"
  sed -e "s#@CGROUP_ROOT@#$cgroup_root#" -e "s#@CLIENT_CA@#$state/agent/client-ca.crt#" \
    "$lib/kubelet.yaml" >"$state/agent/kubelet.yaml"
  start kubelet --config "$state/agent/kubelet.yaml" --hostname-override "$NODE_NAME" \
    --node-ip "$NODE_IP" --cert-dir "$state/agent/pki" ${NODE_LABELS:+--node-labels "$NODE_LABELS"} \
    ${NODE_TAINTS:+--register-with-taints "$NODE_TAINTS"} "$@"
}

start_kube_proxy() { # KUBECONFIG
  sed "s#@KUBECONFIG@#$1#" "$lib/kube-proxy.yaml" >"$state/agent/kube-proxy.yaml"
  start kube-proxy --config "$state/agent/kube-proxy.yaml" --hostname-override "$NODE_NAME"
}

# The network between nodes: every node's pod range is reached through that node. A new or changed
# node is an event of the watch; the API server ends a watch now and then, and it is begun again.
follow_nodes() { # KUBECONFIG
  local name address range conflist=/etc/cni/net.d/10-holdfast.conflist
  while :; do
    while read -r name address range; do
      [ -n "$range" ] || continue
      if [ "$name" = "$NODE_NAME" ]; then
        # In one write: containerd reads the folder when a file in it is written, not when renamed.
        [ -f "$conflist" ] || sed "s#@POD_CIDR@#$range#" "$lib/cni.conflist" >"$conflist"
      else
        ip route replace "$range" via "$address"
      fi
    done < <(as "$1" get nodes --watch --output \
      jsonpath='{.metadata.name} {.status.addresses[?(@.type=="InternalIP")].address} {.spec.podCIDR}{"\n"}')
    # Where the API server is away, there is no watch to wait for.
    read -r -t 1 <>/run/never || true
  done
}

masquerade_what_leaves() {
  iptables -w -t nat -A POSTROUTING -s "$cluster_cidr" ! -d "$cluster_cidr" \
    -m addrtype ! --dst-type LOCAL -j MASQUERADE
}

# Fails when one of the programs has ended; the pause keeps a waiting loop from spinning.
alive() {
  local child
  for child in "${children[@]}"; do
    kill -0 "$child" 2>/dev/null || fail "a program of this node has ended (process $child), see above"
  done
  read -r -t 0.2 <>/run/never || true
}

fail() {
  echo "holdfast node: $*" >&2
  exit 1
}
