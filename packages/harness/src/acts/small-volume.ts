import { HoldfastError, messageOf } from '@holdfast/core';
import type { NodeControl } from '../cluster/cluster.ts';
import { volumes } from '../disrupt/resources.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Resource } from '../kube/resource.ts';
import type { FirstClaim } from '../observe/first-claim.ts';

/** A volume of a few megabytes on a node, for one claim. */
export interface SmallVolume {
  /** The name of its PersistentVolume. */
  name: string;
  node: string;
  /** Writes one file that takes all the room there is. */
  fill(): Promise<void>;
  /** Removes that file. */
  empty(): Promise<void>;
  /** Removes the volume; nobody uses it any more. Says what stays. */
  remove(): Promise<string[]>;
}

interface StorageClass {
  metadata: { name: string; annotations?: Record<string, string> };
}

const classes: Resource<StorageClass> = {
  base: '/apis/storage.k8s.io/v1',
  plural: 'storageclasses',
  namespaced: false,
};

/** Its room: enough for an application to start on, and soon full. */
const megabytes = 256;

/** The class that a claim gets that names none; '' where there is no default. */
async function defaultClass(client: KubeClient): Promise<string> {
  const { items } = await client.list(classes);
  const marked = items.find(
    ({ metadata }) =>
      metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true',
  );
  return marked?.metadata.name ?? '';
}

/** The volume's object: reserved for the claim, and as large as the claim asks for, which is not true. */
function volumeObject(
  name: string,
  namespace: string,
  { claim, size, accessModes }: FirstClaim,
  { node, folder, storageClass }: { node: string; folder: string; storageClass: string },
) {
  const here = { key: 'kubernetes.io/hostname', operator: 'In', values: [node] };
  return {
    metadata: { name, labels: { 'app.kubernetes.io/managed-by': 'holdfast' } },
    spec: {
      capacity: { storage: size },
      accessModes,
      volumeMode: 'Filesystem',
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: storageClass,
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name: claim },
      local: { path: folder },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [here] }] } },
    },
  };
}

/**
 * Makes a small volume on a node, in memory, for a claim that does not exist yet: whatever the chart
 * asks for, the claim is bound to this one.
 *
 * @param control of the cluster's nodes; an agent is taken where there is one
 */
export async function smallVolume(
  client: KubeClient,
  control: NodeControl,
  namespace: string,
  wanted: FirstClaim,
): Promise<SmallVolume> {
  const node = control.agents[0] ?? control.server;
  // The longest namespace has 63 characters, and a volume's name may have 253.
  const name = `holdfast-full-${namespace}`;
  const folder = `/var/lib/holdfast-full/${namespace}`;
  const file = `${folder}/holdfast-full`;
  const storageClass = wanted.storageClass ?? (await defaultClass(client));
  const object = volumeObject(name, namespace, wanted, { node, folder, storageClass });
  const mount = `mount -t tmpfs -o size=${megabytes}m,mode=0750 holdfast ${folder}`;
  await control.run(node, `mkdir -p ${folder} && ${mount}`);
  const remove = async (): Promise<string[]> => {
    const left: string[] = [];
    const attempt = (what: string, work: Promise<unknown>) =>
      work.catch((error: unknown) => {
        client.signal.throwIfAborted();
        if (!(error instanceof HoldfastError)) throw error;
        left.push(`${what} is left behind: ${messageOf(error)}`);
      });
    await attempt(`PersistentVolume ${name}`, client.remove(volumes, name));
    const unmount = `umount ${folder} || umount -l ${folder}; rmdir ${folder}`;
    await attempt(`folder ${folder} on ${node}`, control.run(node, unmount));
    return left;
  };
  try {
    await client.create(volumes, object);
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    name,
    node,
    // The first one ends where whole megabytes do, the second at the last byte.
    fill: async () => {
      const dd = (size: string) => `dd if=/dev/zero bs=${size} >>${file} 2>/dev/null`;
      await control.run(node, `${dd('64k')}; ${dd('512')}; [ -s ${file} ]`);
    },
    empty: async () => {
      await control.run(node, `rm -f ${file}`);
    },
    remove,
  };
}
