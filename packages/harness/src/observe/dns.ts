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

/** The name under which a StatefulSet's pod is found, KEP-independent since Kubernetes 1.9. */
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
