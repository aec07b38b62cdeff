import { isDriven, readMembers } from '../disrupt/snapshot.ts';
import { podFqdn } from '../observe/dns.ts';
import type { CopyReading, Outcome } from '../observe/acts.ts';
import { attempt, type Stage } from './stage.ts';

/** Asks every pod of the driver's set, by its own name, for all that the ledgers have written. */
export async function readCopies({ scene, ledgers }: Stage): Promise<Outcome<CopyReading[]>> {
  const { driver, namespace, clusterDomain } = scene;
  if (driver?.copies !== true) {
    const reason = 'the driver does not say that every member has all the data (copies)';
    return { state: 'skipped', reason };
  }
  const all = (await readMembers(scene)).members;
  const members = all.filter((member) => isDriven(scene, member));
  if (members.length < 2) return { state: 'skipped', reason: 'there is no other member' };
  return attempt(async () => {
    const readings: CopyReading[] = [];
    for (const { pod, set } of members) {
      const member = pod.metadata.name;
      const host = podFqdn(member, set.serviceName, namespace, clusterDomain);
      for (const ledger of ledgers) {
        if (ledger.readAt) readings.push({ member, ledger: await ledger.readAt(host) });
      }
    }
    return readings;
  });
}
