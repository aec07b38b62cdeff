/** The domain of a cluster's Services, from the search list that the kubelet gives every pod. */
export function clusterDomain(resolvConf: string): string | undefined {
  for (const line of resolvConf.split('\n')) {
    const [keyword, ...domains] = line.trim().split(/\s+/);
    if (keyword !== 'search') continue;
    const services = domains.find((domain) => /(^|\.)svc\./.test(domain));
    if (services !== undefined) return services.replace(/^(.*\.)?svc\./, '').replace(/\.$/, '');
  }
  return undefined;
}

/** The name under which a StatefulSet's pod is found through the Service that the set names. */
export function podFqdn(
  pod: string,
  serviceName: string,
  namespace: string,
  domain: string,
): string {
  return `${pod}.${serviceName}.${namespace}.svc.${domain}`;
}

/**
 * The addresses that nslookup found, sorted; the server's own address, which stands before the
 * first "Name:", is not one of them.
 */
export function nslookupAddresses(output: string): string[] {
  const addresses = new Set<string>();
  let answered = false;
  for (const line of output.split('\n')) {
    if (line.startsWith('Name:')) answered = true;
    const match = answered ? /^Address(?: \d+)?:\s*(\S+)/.exec(line) : null;
    if (match?.[1] !== undefined) addresses.add(match[1]);
  }
  return [...addresses].sort();
}

/** Whether a name's answer is right: there is one, and every address is one of the pod's. */
export function answersOnly(addresses: readonly string[], ips: readonly string[]): boolean {
  return addresses.length > 0 && addresses.every((address) => ips.includes(address));
}

/**
 * Looks up every name in $NAMES at the same time, since a dead server lets each wait for its limit;
 * each answer is written at once, so that they don't mix.
 */
export const lookupScript = `for name in $NAMES; do
  { answer=$(nslookup "$name" 2>&1); printf '== %s\\n%s\\n' "$name" "$answer"; } &
done
wait
`;

/** Splits the output of several look-ups, each after a line `== NAME`. */
export function lookupsByName(output: string): Map<string, string[]> {
  const sections = output.split(/^== /m).slice(1);
  return new Map(
    sections.map((section) => {
      const end = section.indexOf('\n');
      return [section.slice(0, end).trim(), nslookupAddresses(section.slice(end + 1))];
    }),
  );
}
