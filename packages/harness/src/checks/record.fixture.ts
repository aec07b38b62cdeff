import type { DataPlace, DataReading } from '../observe/data.ts';
import type { PodRecord, SetRecord } from '../observe/identity.ts';
import type { DisruptionEvidence, Observation, ProofRecord } from '../observe/record.ts';

/** A record of a proof in which all is well, for tests to break one thing in. */

const ordinals = [0, 1, 2];

function pod(ordinal: number, generation: number): PodRecord {
  const name = `web-${ordinal}`;
  return {
    name,
    set: 'web',
    ordinal,
    uid: `uid-${ordinal}-${generation}`,
    hostname: name,
    labels: {
      'statefulset.kubernetes.io/pod-name': name,
      'apps.kubernetes.io/pod-index': String(ordinal),
    },
    controller: { kind: 'StatefulSet', name: 'web', uid: 'set-uid' },
    claims: [
      {
        template: 'data',
        claim: `data-${name}`,
        claimUid: `claim-uid-${ordinal}`,
        volume: `pvc-${ordinal}`,
        volumeUid: `volume-uid-${ordinal}`,
      },
    ],
    restarts: 0,
    images: [{ reference: 'example/web:1', imageId: 'sha256:1' }],
  };
}

/** A pod beyond the ordinals of the set, without a claim. */
export function extraPod(ordinal: number): PodRecord {
  return { ...pod(ordinal, 0), claims: [] };
}

const set: SetRecord = {
  name: 'web',
  uid: 'set-uid',
  replicas: 3,
  start: 0,
  serviceName: 'web-headless',
  claimTemplates: ['data'],
};

function place(ordinal: number): DataPlace {
  return {
    pod: `web-${ordinal}`,
    set: 'web',
    ordinal,
    container: 'web',
    mountPath: '/data',
    directory: '/data',
    file: 'nonce.txt',
    claim: `data-web-${ordinal}`,
    served: true,
  };
}

function reading(ordinal: number): DataReading {
  return {
    place: place(ordinal),
    nonce: `nonce-${ordinal}`,
    served: `nonce-${ordinal}`,
    link: 'nonce.txt',
    linked: `nonce-${ordinal}`,
    content: 'abcdef',
    bytes: '7',
    owner: '101:101',
    mode: '640',
    mount: { mountPoint: '/data', root: `/storage/pvc-${ordinal}`, type: 'ext4', source: '/dev/a' },
  };
}

/** How often an ordinal's pod has been replaced after a disruption: web-1 alone, then all. */
function generation(ordinal: number, disruption: number): number {
  return ordinal === 1 ? disruption : Math.max(0, disruption - 1);
}

function observation(disruption: number): Observation {
  return {
    disruption,
    sets: [structuredClone(set)],
    pods: ordinals.map((ordinal) => pod(ordinal, generation(ordinal, disruption))),
    dns: ordinals.map((ordinal) => ({
      pod: `web-${ordinal}`,
      fqdn: `web-${ordinal}.web-headless.ns.svc.cluster.local`,
      ips: ['10.42.0.1'],
      addresses: ['10.42.0.1'],
      settledMs: 40,
    })),
    data: ordinals.map(reading),
  };
}

function disruption(number: number, targets: string[]): DisruptionEvidence {
  const standing = (after: number) =>
    ordinals.map((ordinal) => {
      const { name, uid, restarts } = pod(ordinal, generation(ordinal, after));
      return { name, uid, restarts, containers: [`container of ${uid}`] };
    });
  return {
    record: {
      number,
      kind: targets.length === 1 ? 'graceful delete' : 'all at once',
      targets,
      startedAt: '2026-01-01T00:00:00.000Z',
      recoveryMs: 2_000 * number,
      recoveryMsByPod: Object.fromEntries(targets.map((name) => [name, 2_000 * number])),
      timeline: [],
    },
    uids: Object.fromEntries(targets.map((name) => [name, { before: 'old', after: 'new' }])),
    states: Object.fromEntries(targets.map((name) => [name, 'Ready'])),
    before: standing(number - 1),
    after: standing(number),
  };
}

/** Three pods, one of them deleted, then all of them. */
export function goodRecord(): ProofRecord {
  return {
    lint: [{ object: 'chart', ok: true, text: 'helm lint --strict' }],
    dryRun: [{ object: 'StatefulSet/web', ok: true, text: 'accepted' }],
    install: [{ object: 'pods', ok: true, text: 'Ready after 3.0 s' }],
    marks: ordinals.map((ordinal) => ({
      pod: `web-${ordinal}`,
      directory: '/data',
      nonce: `nonce-${ordinal}`,
      content: 'abcdef',
    })),
    observations: [0, 1, 2].map(observation),
    disruptions: [
      disruption(1, ['web-1']),
      disruption(
        2,
        ordinals.map((n) => `web-${n}`),
      ),
    ],
    enforced: true,
    planned: 2,
    claims: 'required',
    limits: { recoveryMs: 120_000, dnsMs: 35_000 },
  };
}
