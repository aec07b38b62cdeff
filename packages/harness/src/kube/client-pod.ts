import { environmentError, HoldfastError, poll } from '@holdfast/core';
import type { KubeClient } from './client.ts';
import { exec, type ExecResult, type Target } from './exec.ts';
import type { Resource } from './resource.ts';

interface ClientPod {
  metadata: { name: string };
  status: {
    phase?: string;
    conditions?: { type: string; status: string }[];
    containerStatuses?: {
      state?: {
        waiting?: { reason?: string; message?: string };
        terminated?: { exitCode: number };
      };
    }[];
  };
}

const pods: Resource<ClientPod> = { base: '/api/v1', plural: 'pods', namespaced: true };

/** The pod from which a proof asks the cluster, as any other client in it would. */
export const clientPodName = 'holdfast-client';

/** Waits without end, and ends at once when it is told to: PID 1 gets no default handlers. */
const waitScript = "trap 'exit 0' TERM INT; while :; do sleep 3600 & wait $!; done";

function manifest(image: string, labels: Record<string, string>) {
  return {
    metadata: {
      name: clientPodName,
      labels: { ...labels, 'app.kubernetes.io/managed-by': 'holdfast' },
    },
    spec: {
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 5,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65_534,
        runAsGroup: 65_534,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [
        {
          name: 'client',
          image,
          imagePullPolicy: 'IfNotPresent',
          command: ['sh', '-c', waitScript],
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
          resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '64Mi' } },
        },
      ],
    },
  };
}

/** Commands in the client pod. */
export interface ClientShell {
  /** Runs a script through `sh`, with an environment of its own; the limit is in milliseconds. */
  sh(script: string, env: Record<string, string>, limitMs?: number): Promise<ExecResult>;
}

/**
 * Starts the client pod and waits until it runs.
 *
 * @param labels by which NetworkPolicies admit it
 * @throws HoldfastError (environment) when its image can't be had
 */
export async function startClientPod(
  client: KubeClient,
  namespace: string,
  image: string,
  labels: Record<string, string>,
  limitMs: number,
): Promise<ClientShell> {
  await client.create(pods, manifest(image, labels), namespace);
  await poll(
    async () => {
      const pod = await client.get(pods, clientPodName, namespace);
      const ready = pod?.status.conditions?.some((c) => c.type === 'Ready' && c.status === 'True');
      if (ready) return { done: true, value: undefined };
      const state = pod?.status.containerStatuses?.[0]?.state;
      const reason = state?.waiting?.reason ?? '';
      if (/^(ErrImageNeverPull|ImagePullBackOff|InvalidImageName)$/.test(reason)) {
        throw environmentError(
          `the client image can't be had: ${state?.waiting?.message ?? reason}`,
          {
            object: image,
            hint: 'name one that the nodes have or can pull: --client-image, or --images DIR',
          },
        );
      }
      if (state?.terminated || reason === 'CrashLoopBackOff') {
        throw environmentError('the client image does not run a shell', {
          object: image,
          hint: 'name an image with sh, nslookup and wget: --client-image',
        });
      }
      return { done: false, saw: reason || (pod?.status.phase ?? 'no pod') };
    },
    { what: `pod ${clientPodName} to be Ready`, limitMs, signal: client.signal },
  );
  const target: Target = { namespace, pod: clientPodName, container: 'client' };
  return {
    sh(script, env, execMs) {
      const assignments = Object.entries(env).map(([key, value]) => `${key}=${value}`);
      return exec(client, target, ['env', ...assignments, 'sh', '-c', script], execMs);
    },
  };
}

/** A command's output; what it wrote to standard error is in the error when it failed. */
export function outputOf(result: ExecResult, what: string): string {
  if (result.exitCode === 0) return result.stdout;
  const code = result.exitCode === null ? 'could not be started' : `exited with ${result.exitCode}`;
  throw new HoldfastError({
    kind: 'internal',
    message: `${what} ${code}: ${result.stderr.trim()}`,
  });
}
