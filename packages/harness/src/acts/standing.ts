import { createHash } from 'node:crypto';
import { claims, pods } from '../disrupt/resources.ts';
import type { Scene } from '../disrupt/scene.ts';
import type { Resource } from '../kube/resource.ts';
import type { Standing } from '../observe/acts.ts';
import { standingPods } from '../observe/bystanders.ts';

interface Workload {
  metadata: { name: string };
  spec: { template: unknown };
  status?: { updateRevision?: string };
}

const apps = '/apis/apps/v1';

const workloads: Readonly<Record<string, Resource<Workload>>> = {
  StatefulSet: { base: apps, plural: 'statefulsets', namespaced: true },
  Deployment: { base: apps, plural: 'deployments', namespaced: true },
  DaemonSet: { base: apps, plural: 'daemonsets', namespaced: true },
};

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}

/** Looks at all of a release that an upgrade without changes must leave alone. */
export async function standing({ client, namespace }: Scene): Promise<Standing> {
  const templates: Record<string, string> = {};
  const revisions: Record<string, string> = {};
  for (const [kind, resource] of Object.entries(workloads)) {
    for (const { metadata, spec, status } of (await client.list(resource, namespace)).items) {
      templates[`${kind}/${metadata.name}`] = digest(spec.template);
      const { updateRevision } = status ?? {};
      if (updateRevision !== undefined) revisions[metadata.name] = updateRevision;
    }
  }
  const claimList = (await client.list(claims, namespace)).items;
  return {
    templates,
    revisions,
    pods: standingPods((await client.list(pods, namespace)).items),
    claims: claimList.map(({ metadata, spec }) => {
      return { name: metadata.name, uid: metadata.uid, volume: spec.volumeName ?? '' };
    }),
  };
}
