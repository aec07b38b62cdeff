import type { DataPlace, DataReading } from '../observe/data.ts';
import type { PodRecord, SetRecord } from '../observe/identity.ts';
import type {
  DisruptionEvidence,
  EvictionEvidence,
  Observation,
  ProofRecord,
} from '../observe/record.ts';
import type { TargetState } from '../observe/target.ts';
import { goodActs, goodHolders, goodIdentity, goodLedger } from './acts.fixture.ts';

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
    identities: ordinals.map(goodIdentity),
  };
}

/** A pod with one container, as it is when a disruption begins or is over. */
export function targetNow(uid: string, restarts = 0, id = `container of ${uid}`): TargetState {
  const container = { name: 'web', id, restarts, running: true, ready: true };
  return { uid, node: 'agent-1', ready: true, containers: [container] };
}

const eviction: EvictionEvidence = {
  budgets: ['web'],
  beyond: { pod: 'web-0', budget: 'web', refused: true, said: 'the budget is used up' },
};

function disruption(number: number, targets: string[]): DisruptionEvidence {
  const standing = (after: number) =>
    ordinals.map((ordinal) => {
      const { name, uid, restarts } = pod(ordinal, generation(ordinal, after));
      return { name, uid, node: 'agent-1', restarts, containers: [`container of ${uid}`] };
    });
  const single = targets.length === 1;
  return {
    record: {
      number,
      kind: single ? 'eviction' : 'all at once',
      targets,
      startedAt: '2026-01-01T00:00:00.000Z',
      recoveryMs: 2_000 * number,
      recoveryMsByPod: Object.fromEntries(targets.map((name) => [name, 2_000 * number])),
      timeline: [],
      gapMs: { 'web:80': 900 },
      spans: {
        untilMs: 2_000 * number + 600,
        pods: [],
        acknowledged: {
          'web:80': [
            { fromMs: 0, toMs: 100 },
            { fromMs: 2_000 * number + 300, toMs: 2_000 * number + 500 },
          ],
        },
      },
    },
    holders: goodHolders(targets[0] ?? ''),
    targets: Object.fromEntries(
      targets.map((name) => [
        name,
        {
          fate: 'replaced',
          before: targetNow('old'),
          after: targetNow('new'),
          ending: { ms: 1_200, graceMs: 30_000, killed: [], unseen: [] },
          state: 'Ready, now Ready',
        },
      ]),
    ),
    before: standing(number - 1),
    after: standing(number),
    bystanders: single ? ordinals.map((n) => `web-${n}`).filter((n) => !targets.includes(n)) : [],
    ...(single ? { eviction: structuredClone(eviction) } : {}),
  };
}

/** Three pods, one of them evicted, then all of them deleted. */
export function goodRecord(): ProofRecord {
  return {
    lint: [{ object: 'chart', ok: true, text: 'helm lint --strict' }],
    rendered: {
      labels: [{ object: 'web selector', ok: true, text: 'app.kubernetes.io/name' }],
      services: [{ object: 'web', ok: true, text: 'web-headless is headless' }],
    },
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
    notDone: [],
    ledgers: [{ ...goodLedger('web:80'), reached: 'address' }],
    acts: goodActs(observation(2).pods, observation(2).data),
    claims: 'required',
    limits: { recoveryMs: 120_000, dnsMs: 35_000 },
  };
}
