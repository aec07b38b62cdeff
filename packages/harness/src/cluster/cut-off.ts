/** What a node is cut off from, and what still reaches it. */
export interface Cut {
  /** The node's own address. */
  address: string;
  /** The range of the network between nodes; all others are in it. */
  subnet: string;
  /** The engine's machine in that range. */
  gateway: string;
  /** A port that is published; it stays open for all that is no node. */
  published?: number;
}

/** k3s images have iptables in /bin/aux, which is not on everybody's PATH. */
const preamble = `set -eu
PATH="$PATH:/usr/sbin:/sbin:/bin/aux"
mangle() { iptables -w 5 -t mangle "$@"; }`;

/** The engine calls every interface of a container eth0 and so on; pods hang on others. */
const links = [
  { chain: 'HOLDFAST-IN', rule: 'PREROUTING -i eth+ -j HOLDFAST-IN' },
  { chain: 'HOLDFAST-OUT', rule: 'POSTROUTING -o eth+ -j HOLDFAST-OUT' },
];

/** The rules of one direction, in their order. */
function rulesOf({ address, subnet, gateway, published }: Cut, inwards: boolean): string[] {
  if (published === undefined) return ['-j DROP'];
  const [from, to, port] = inwards ? ['-s', '-d', '--dport'] : ['-d', '-s', '--sport'];
  const served = `${to} ${address} -p tcp ${port} ${published}`;
  return [
    `${from} ${gateway} ${served} -j RETURN`,
    `${from} ${subnet} -j DROP`,
    `${served} -j RETURN`,
    '-j DROP',
  ];
}

/**
 * A script that drops all that comes to a node from outside and all that leaves it: the node's own
 * traffic, its pods', and what other programs' rules would let pass. Pods on the node still reach one
 * another and the node, as on a machine whose cable was pulled. The table mangle is asked before any
 * address is translated, for packets to the node itself and for those that it forwards.
 */
export function cutOffScript(cut: Cut): string {
  const lines = links.flatMap(({ chain, rule }, index) => [
    `mangle -N ${chain} 2>/dev/null || mangle -F ${chain}`,
    ...rulesOf(cut, index === 0).map((one) => `mangle -A ${chain} ${one}`),
    `mangle -C ${rule} 2>/dev/null || mangle -I ${rule}`,
  ]);
  return [preamble, ...lines].join('\n');
}

/** A script that ends what {@link cutOffScript} began; it fails where something of it is left. */
export function reconnectScript(): string {
  const lines = links.flatMap(({ chain, rule }) => [
    `while mangle -D ${rule} 2>/dev/null; do :; done`,
    `mangle -F ${chain} 2>/dev/null || :`,
    `mangle -X ${chain} 2>/dev/null || :`,
  ]);
  const check = `rules=$(mangle -S)
case "$rules" in *HOLDFAST-*) echo "still cut off: $rules" >&2; exit 1 ;; esac`;
  return [preamble, ...lines, check].join('\n');
}
