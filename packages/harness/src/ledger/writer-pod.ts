import type { CredentialFile } from './find-credentials.ts';
import { scriptContainer, type PodTemplate } from './pod-template.ts';

/** What a writer is made from. */
export interface WriterParts {
  /** The pod's and the ConfigMap's name. */
  name: string;
  /** Labels by which NetworkPolicies admit it. */
  labels: Readonly<Record<string, string>>;
  template: PodTemplate;
  /** The container whose image it runs; the first where it is absent. */
  image?: string;
  /** The node that it is placed on; without it, away from the release's pods. */
  node?: string;
  /** Texts by file name; writer.sh is one of them. */
  scripts: Readonly<Record<string, string>>;
  credentials: readonly CredentialFile[];
  /** The environment of writer.sh and of the driver's scripts. */
  env: Readonly<Record<string, string>>;
}

/** The name of a writer's pod; the tag is that of its ledger. */
export function writerName(tag = '0'): string {
  return `holdfast-writer-${tag}`;
}

/** The folders in a writer's container. */
export const writerPaths = {
  scripts: '/opt/holdfast',
  credentials: '/run/holdfast/credentials',
  ledger: '/run/holdfast/ledger',
} as const;

/** Where there is no other: root may not be it. */
const nobody = 65_534;

/** The user as which the application's image is run by its chart. */
function userOf(template: PodTemplate, image: string | undefined): { user: number; group: number } {
  const own = scriptContainer(template, image).securityContext ?? {};
  const all = template.spec.securityContext ?? {};
  const user = own.runAsUser ?? all.runAsUser ?? nobody;
  return {
    user: user === 0 ? nobody : user,
    group: own.runAsGroup ?? all.runAsGroup ?? all.fsGroup ?? nobody,
  };
}

function labelsOf(labels: Readonly<Record<string, string>>) {
  return { ...labels, 'app.kubernetes.io/managed-by': 'holdfast' };
}

/** The ConfigMap with a writer's scripts. */
export function writerScripts({ name, scripts, labels }: WriterParts) {
  return { metadata: { name, labels: labelsOf(labels) }, data: scripts };
}

function placement({ node, template }: WriterParts) {
  // What keeps other pods off a node, or takes them away from it, is no reason not to write.
  const tolerations = [{ operator: 'Exists' }];
  if (node !== undefined) return { nodeName: node, tolerations };
  const podAffinityTerm = {
    topologyKey: 'kubernetes.io/hostname',
    labelSelector: { matchLabels: template.metadata?.labels ?? {} },
  };
  const preferred = [{ weight: 100, podAffinityTerm }];
  return {
    affinity: {
      podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred },
    },
  };
}

/** The pod that writes a ledger, as Pod Security "restricted" wants it. */
export function writerPod(parts: WriterParts) {
  const { name, labels, template, image, credentials, env } = parts;
  const { user, group } = userOf(template, image);
  const { imagePullSecrets } = template.spec;
  const secrets = credentials.map(({ file, secret, key }) => ({
    secret: { name: secret, items: [{ key, path: file }] },
  }));
  return {
    metadata: { name, labels: labelsOf(labels) },
    spec: {
      ...placement(parts),
      ...(imagePullSecrets === undefined ? {} : { imagePullSecrets }),
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 5,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: user,
        runAsGroup: group,
        fsGroup: group,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [
        {
          name: 'writer',
          image: scriptContainer(template, image).image,
          imagePullPolicy: 'IfNotPresent',
          command: ['sh', `${writerPaths.scripts}/writer.sh`],
          env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
          resources: { requests: { cpu: '20m', memory: '32Mi' }, limits: { memory: '1Gi' } },
          volumeMounts: [
            { name: 'scripts', mountPath: writerPaths.scripts, readOnly: true },
            { name: 'credentials', mountPath: writerPaths.credentials, readOnly: true },
            { name: 'ledger', mountPath: writerPaths.ledger },
            { name: 'tmp', mountPath: '/tmp' },
          ],
        },
      ],
      volumes: [
        { name: 'scripts', configMap: { name, defaultMode: 0o555 } },
        secrets.length === 0
          ? { name: 'credentials', emptyDir: {} }
          : { name: 'credentials', projected: { defaultMode: 0o440, sources: secrets } },
        { name: 'ledger', emptyDir: {} },
        { name: 'tmp', emptyDir: {} },
      ],
    },
  };
}
