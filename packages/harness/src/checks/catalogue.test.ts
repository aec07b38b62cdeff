import { expect } from 'chai';
import { HoldfastError, type CheckResult } from '@holdfast/core';
import type { DataReading } from '../observe/data.ts';
import type { PodRecord } from '../observe/identity.ts';
import type {
  DisruptionEvidence,
  Observation,
  ProofRecord,
  TargetEvidence,
} from '../observe/record.ts';
import { assertConclusive, catalogue, runChecks, selectChecks, verdictOf } from './catalogue.ts';
import { actCases } from './act-cases.fixture.ts';
import { extraPod, goodRecord } from './record.fixture.ts';
import { stoppingCases } from './stopping-cases.fixture.ts';

function results(record: ProofRecord, only?: string[]): CheckResult[] {
  return runChecks(selectChecks(only), record);
}

function one(record: ProofRecord, id: string): CheckResult {
  const found = results(record).find((result) => result.id === id);
  if (!found) throw new Error(`no result ${id}`);
  return found;
}

function caught(work: () => void): HoldfastError {
  try {
    work();
  } catch (error) {
    if (error instanceof HoldfastError) return error;
    throw error;
  }
  return expect.fail('nothing was thrown');
}

/** A good record with something broken in the last observation, or in the first disruption. */
function broken(damage: (last: Observation, record: ProofRecord) => void): ProofRecord {
  const record = goodRecord();
  const last = record.observations.at(-1);
  if (!last) throw new Error('no observation');
  damage(last, record);
  return record;
}
function brokenPod(damage: (pod: PodRecord) => void, ordinal = 1): ProofRecord {
  return broken((last) => {
    last.pods.filter((p) => p.ordinal === ordinal).forEach(damage);
  });
}
function brokenData(damage: (reading: DataReading) => void, ordinal = 1): ProofRecord {
  return broken((last) => {
    last.data.filter((r) => r.place.ordinal === ordinal).forEach(damage);
  });
}
function brokenDisruption(damage: (done: DisruptionEvidence) => void): ProofRecord {
  return broken((_, record) => {
    record.disruptions.slice(0, 1).forEach(damage);
  });
}
function brokenTarget(damage: (target: TargetEvidence) => void): ProofRecord {
  return brokenDisruption((done) => {
    Object.values(done.targets).forEach(damage);
  });
}
/** The pods after a disruption that it did not aim at. */
function standersBy({ record, after }: DisruptionEvidence) {
  return after.filter((pod) => !record.targets.includes(pod.name));
}
function claimOf(pod: PodRecord) {
  const [claim] = pod.claims;
  if (!claim) throw new Error('no claim');
  return claim;
}

/** Each is a way to be wrong, with the checks that must see it: no more and no fewer. */
const cases: [string, string[], ProofRecord][] = [
  [
    'lint warns',
    ['S0'],
    broken((_, r) => (r.lint = [{ object: 'chart', ok: false, text: '[WARNING]' }])),
  ],
  [
    'an object is refused',
    ['S6'],
    broken((_, r) => r.dryRun.push({ object: 'Job/x', ok: false, text: 'no' })),
  ],
  [
    'a selector has a version',
    ['S3'],
    broken((_, r) => r.rendered.labels.push({ object: 'web', ok: false, text: 'helm.sh/chart' })),
  ],
  ['no labels were looked at', ['S3'], broken((_, r) => (r.rendered.labels = []))],
  [
    'a set names no Service',
    ['S4'],
    broken((_, r) => (r.rendered.services = [{ object: 'web', ok: false, text: 'none' }])),
  ],
  ['no object was judged', ['S6'], broken((_, r) => (r.dryRun = []))],
  [
    'helm test fails',
    ['H1'],
    broken((_, r) => r.install.push({ object: 'helm test', ok: false, text: 'x' })),
  ],
  ['a pod is missing', ['I1'], broken((last) => last.pods.pop())],
  ['a pod too many', ['I1', 'I6'], broken((last) => last.pods.push(extraPod(3)))],
  [
    'the first ordinal is not honoured',
    ['I1'],
    broken((last) => {
      last.sets.forEach((s) => (s.start = 5));
    }),
  ],
  ['another host name', ['I2'], brokenPod((pod) => (pod.hostname = 'localhost'))],
  ['no index label', ['I3'], brokenPod((pod) => delete pod.labels['apps.kubernetes.io/pod-index'])],
  [
    'another pod’s name label',
    ['I3'],
    brokenPod((pod) => (pod.labels['statefulset.kubernetes.io/pod-name'] = 'web-0')),
  ],
  ['no controller', ['I4'], brokenPod((pod) => (pod.controller = undefined))],
  [
    'another set of that name',
    ['I4'],
    brokenPod((pod) => pod.controller && (pod.controller.uid = 'other')),
  ],
  [
    'DNS is late',
    ['I5'],
    broken((last) => {
      last.dns.forEach((d) => (d.settledMs = null));
    }),
  ],
  [
    'DNS is right, but past the limit',
    ['I5'],
    broken((last) => {
      last.dns.forEach((d) => (d.settledMs = 35_001));
    }),
  ],
  [
    'no Service',
    ['I5'],
    broken((last) => {
      last.dns.forEach((d) => {
        d.fqdn = '';
        d.settledMs = null;
      });
    }),
  ],
  [
    'no DNS answers',
    ['I5'],
    broken((_, r) => {
      r.observations.forEach((o) => (o.dns = []));
    }),
  ],
  ['another claim of the same name', ['I6'], brokenPod((pod) => (claimOf(pod).claimUid = 'new'))],
  [
    'another volume',
    ['I6'],
    brokenPod((pod) => Object.assign(claimOf(pod), { volume: 'pvc-9', volumeUid: 'nine' })),
  ],
  [
    'another volume of the same name',
    ['I6'],
    brokenPod((pod) => (claimOf(pod).volumeUid = 'nine')),
  ],
  [
    'a volume for two',
    ['I6'],
    broken((_, r) => {
      r.observations.forEach((o) => {
        o.pods.forEach((p) => (claimOf(p).volumeUid = 'one'));
      });
    }),
  ],
  ['a claim is not bound', ['I6'], brokenPod((pod) => (claimOf(pod).volume = ''))],
  ['the claim is gone', ['I6'], brokenPod((pod) => (pod.claims = []))],
  [
    'a bystander is replaced',
    ['B1'],
    brokenDisruption((d) => {
      standersBy(d).forEach((b) => (b.uid = 'new'));
    }),
  ],
  [
    'a bystander restarts',
    ['B1'],
    brokenDisruption((d) => {
      standersBy(d).forEach((b) => (b.restarts = 1));
    }),
  ],
  [
    'a bystander’s container is another',
    ['B1'],
    brokenDisruption((d) => {
      standersBy(d).forEach((b) => (b.containers = ['c2']));
    }),
  ],
  [
    'a pod restarts between two disruptions',
    ['B1'],
    broken((_, r) => {
      r.disruptions.slice(1).forEach((d) => {
        d.before.forEach((pod) => (pod.restarts = 1));
      });
    }),
  ],
  [
    'a pod restarts before the first disruption',
    ['B1'],
    broken((_, r) => {
      r.disruptions.slice(0, 1).forEach((d) => {
        [...d.before, ...d.after].forEach((pod) => (pod.restarts = 1));
      });
      r.disruptions.slice(1).forEach((d) => {
        d.before.forEach((pod) => (pod.restarts = 1));
      });
    }),
  ],
  ['a pod restarts after the last disruption', ['B1'], brokenPod((pod) => (pod.restarts = 1))],
  ['a bystander is gone', ['B1'], brokenDisruption((d) => (d.after = []))],
  [
    'a pod does not come back',
    ['R1'],
    brokenDisruption((d) => {
      d.record.recoveryMs = null;
      d.record.recoveryMsByPod = { 'web-1': null };
    }),
  ],
  [
    'a pod comes back too late',
    ['R1'],
    brokenDisruption((d) => (d.record.recoveryMsByPod = { 'web-1': 120_001 })),
  ],
  ['a pod keeps its UID', ['R1'], brokenTarget((target) => (target.after = target.before))],
  ['a pod is gone again', ['R1'], brokenTarget((target) => (target.after = undefined))],
  [
    'the set does not settle',
    ['R1'],
    brokenDisruption((d) => (d.unsettled = 'web: 2 of 3 replicas Ready')),
  ],
  [
    'an eviction beyond the budget is allowed',
    ['B2'],
    brokenDisruption((d) => d.eviction?.beyond && (d.eviction.beyond.refused = false)),
  ],
  ['disruptions are left out', ['R1'], broken((_, r) => (r.planned = 4))],
  ['a nonce is absent', ['D2'], brokenData((r) => delete r.nonce)],
  ['a nonce of another ordinal', ['D2'], brokenData((r) => (r.nonce = 'nonce-0'))],
  ['an altered nonce', ['D2'], brokenData((r) => (r.nonce = 'nonce-1x'))],
  ['another ordinal is served', ['D2'], brokenData((r) => (r.served = 'nonce-2'))],
  ['nothing is served', ['D2'], brokenData((r) => delete r.served)],
  ['a place can’t be read', ['D2', 'D3'], brokenData((r) => (r.error = 'no such folder'))],
  ['a place is not read', ['D2', 'D3'], broken((last) => last.data.pop())],
  [
    'a place can’t be written',
    ['D2', 'D3'],
    broken((_, r) => {
      r.marks.forEach((m) => (m.error = 'read-only'));
    }),
  ],
  ['nothing was marked', ['D2', 'D3'], broken((_, r) => (r.marks = []))],
  ['the file is altered', ['D3'], brokenData((r) => (r.content = 'abcdeg'))],
  ['the file is longer', ['D3'], brokenData((r) => (r.bytes = '8'))],
  [
    'the file is gone',
    ['D3'],
    brokenData((r) => {
      delete r.content;
      delete r.bytes;
      delete r.owner;
      delete r.mode;
    }),
  ],
  ['the link is a file', ['D3'], brokenData((r) => delete r.link)],
  ['the link points elsewhere', ['D3'], brokenData((r) => (r.link = 'other'))],
  ['the link is read otherwise', ['D3'], brokenData((r) => (r.linked = 'other'))],
  ['another owner', ['D3'], brokenData((r) => (r.owner = '0:0'))],
  ['another mode', ['D3'], brokenData((r) => (r.mode = '660'))],
  ['no mount', ['D3'], brokenData((r) => delete r.mount)],
  [
    'another place is mounted',
    ['D3'],
    brokenData((r) => r.mount && (r.mount = { ...r.mount, root: '/storage/other' })),
  ],
  ['what is mounted is not the volume', ['D3'], brokenData((r) => (r.mismatch = 'tmpfs'))],
  ...stoppingCases,
  ...actCases,
];

/** A StatefulSet without claim templates, and what is seen of its pods. */
function withoutClaims(): ProofRecord {
  return broken((_, record) => {
    record.marks = [];
    for (const seen of record.observations) {
      seen.sets.forEach((set) => (set.claimTemplates = []));
      seen.pods.forEach((pod) => (pod.claims = []));
      seen.data = [];
    }
  });
}

describe('checks', () => {
  it('pass on a good record, every one of them', () => {
    const all = results(goodRecord());
    expect(all.map((r) => `${r.id} ${r.verdict}`)).to.eql(catalogue.map((c) => `${c.id} passed`));
    expect(verdictOf(all)).to.equal('proven');
  });

  for (const [what, ids, record] of cases) {
    it(`fail when ${what}: ${ids.join(', ')}`, () => {
      const all = results(record);
      const failed = all.filter((result) => result.verdict === 'failed');
      expect(failed.map((result) => result.id)).to.eql(ids);
      expect(verdictOf(all)).to.equal('rejected');
      for (const result of failed) expect(result.summary).to.not.equal('');
    });
  }

  it('are all failed by some case', () => {
    const seen = new Set(cases.flatMap(([, ids]) => ids));
    expect(catalogue.map((check) => check.id).filter((id) => !seen.has(id))).to.eql([]);
  });

  it('never prove a set without claims', () => {
    const all = results(withoutClaims());
    const failed = all.filter((result) => result.verdict === 'failed').map((result) => result.id);
    expect(failed).to.eql(['I6', 'D2', 'D3']);
    expect(one(withoutClaims(), 'D2').summary).to.contain('no claim');
  });

  it('show the loss where a driver names a folder that is on no claim', () => {
    const record = goodRecord();
    for (const seen of record.observations) {
      seen.sets.forEach((set) => (set.claimTemplates = []));
      seen.pods.forEach((pod) => (pod.claims = []));
      seen.data.forEach((reading) => (reading.place = { ...reading.place, claim: undefined }));
      seen.data.forEach((reading) => delete reading.mount);
    }
    record.observations.at(-1)?.data.forEach((reading) => delete reading.nonce);
    const loss = one(record, 'D2').evidence.find((entry) => entry.after === 'absent');
    expect(loss).to.include({ before: 'nonce-0', disruption: 2, ok: false });
    expect(one(record, 'D3').verdict).to.equal('failed');
  });

  it('skip claims with the reason where the driver says that nothing is kept', () => {
    const record = { ...withoutClaims(), claims: 'none' as const };
    for (const id of ['I6', 'D2', 'D3']) {
      expect(one(record, id)).to.include({ verdict: 'skipped' });
      expect(one(record, id).summary).to.contain('driver');
    }
  });

  it('fail a pod whose claims no container mounts', () => {
    const record = goodRecord();
    record.marks.pop();
    expect(one(record, 'D2')).to.include({ verdict: 'failed' });
    expect(one(record, 'D2').summary).to.contain('web-2');
  });

  it('skip what was not reached, and say why', () => {
    const record = broken((_, r) => {
      r.install = [{ object: 'web-0', ok: false, text: 'crashed' }];
      r.observations = [];
      r.disruptions = [];
      r.marks = [];
    });
    const all = results(record);
    expect(all.filter((r) => r.verdict === 'failed').map((r) => r.id)).to.eql(['H1']);
    expect(one(record, 'D2')).to.include({
      verdict: 'skipped',
      summary: 'the installation failed (H1)',
    });
  });

  it('fail when the pods are not Ready for the first disruption', () => {
    const record = broken((_, r) => {
      r.observations.splice(1);
      r.disruptions = [];
      r.stopped = 'waited 120 s';
    });
    expect(one(record, 'R1').verdict).to.equal('failed');
    expect(one(record, 'R1').summary).to.contain('2 disruptions not done: waited 120 s');
    expect(one(record, 'B1').verdict).to.equal('skipped');
    expect(verdictOf(results(record))).to.equal('rejected');
  });

  it('claim nothing about data when no disruption was survived', () => {
    const record = broken((_, r) => {
      r.observations.splice(1);
      r.disruptions.splice(1);
      r.disruptions.forEach((d) => (d.record.recoveryMsByPod = { 'web-1': null }));
    });
    expect(one(record, 'D2').verdict).to.equal('skipped');
    expect(one(record, 'R1').verdict).to.equal('failed');
    expect(one(record, 'R1').summary).to.contain('not Ready within 120 s');
  });

  it('fail on a volume that two ordinals share before any disruption', () => {
    const record = goodRecord();
    record.observations[0]?.data.forEach((reading) => (reading.nonce = 'nonce-2'));
    expect(one(record, 'D2').summary).to.contain('the nonce of web-2');
  });

  describe('of the host name', () => {
    /** A record in which some answers are other than they should be. */
    const answers = (edit: (pod: PodRecord, disruption: number) => void) =>
      one(
        broken((_, r) => {
          r.observations.forEach((o) => {
            o.pods.forEach((pod) => {
              edit(pod, o.disruption);
            });
          });
        }),
        'I2',
      );
    const silence = (pod: PodRecord, error?: string) => {
      pod.hostname = undefined;
      if (error !== undefined) pod.hostnameError = error;
    };

    it('are skipped only where no pod ever answered, with the true reason', () => {
      const none = answers((pod) => {
        silence(pod);
      });
      expect(none).to.include({ verdict: 'skipped' });
      expect(none.summary).to.contain('no pod has a program');
      const failed = answers((pod) => {
        silence(pod, 'the connection ended');
      });
      expect(failed).to.include({ verdict: 'skipped' });
      expect(failed.summary).to.contain('the connection ended').and.not.contain('program');
    });

    it('fail on a wrong answer though another pod gave none', () => {
      const result = answers((pod, disruption) => {
        if (pod.ordinal === 0) silence(pod, 'the connection ended');
        else if (disruption === 2) pod.hostname = 'localhost';
      });
      expect(result.verdict).to.equal('failed');
      expect(result.summary).to.contain('localhost');
    });

    it('pass on those that answered, and name those that did not', () => {
      const result = answers((pod) => {
        if (pod.ordinal === 0) silence(pod, 'the connection ended');
      });
      expect(result.verdict).to.equal('passed');
      expect(result.summary).to.contain('not answered by web-0');
      const later = answers((pod, disruption) => {
        if (disruption === 0) silence(pod, 'the connection ended');
      });
      expect(later.verdict).to.equal('passed');
    });

    it('fail on a pod that answers no more', () => {
      const result = answers((pod, disruption) => {
        if (disruption === 2 && pod.ordinal === 1) silence(pod, 'the connection ended');
      });
      expect(result.verdict).to.equal('failed');
      expect(result.summary).to.contain('no answer any more: the connection ended');
    });
  });

  it('skip bystanders where there are none, but not what happened to the pod itself', () => {
    const single = (restarts: number) =>
      broken((_, r) => {
        for (const done of r.disruptions) {
          done.before = done.before.filter(({ name }) => name === 'web-1');
          done.after = done.after.filter(({ name }) => name === 'web-1');
        }
        r.disruptions.slice(1).forEach((d) => {
          d.before.forEach((p) => (p.restarts = restarts));
        });
      });
    expect(one(single(0), 'B1')).to.include({ verdict: 'skipped' });
    expect(one(single(1), 'B1')).to.include({ verdict: 'failed' });
    expect(one(single(1), 'B1').summary).to.contain('web-1, with nothing disrupted since');
  });

  it('say of DNS what was measured', () => {
    expect(one(goodRecord(), 'I5').summary).to.contain('of being asked').and.not.contain('Ready');
  });

  it('claim Pod Security only where the namespace surely enforced it', () => {
    expect(one(goodRecord(), 'S6').summary).to.contain('Pod Security restricted');
    const elsewhere = { ...goodRecord(), enforced: false };
    expect(one(elsewhere, 'S6').summary).to.equal('1 object in a strict dry run');
  });

  it('quote a log after what it explains', () => {
    const record = goodRecord();
    record.install = [{ object: 'web-0', ok: false, text: 'crashed', log: 'its log ends: oh' }];
    expect(one(record, 'H1').summary).to.contain('crashed; its log ends: oh');
  });

  it('keep evidence bounded, failures first', () => {
    const record = goodRecord();
    const many = Array.from({ length: 60 }, (_, n) => ({
      object: `o${n}`,
      ok: n % 2 === 0,
      text: 'x',
    }));
    record.dryRun = many;
    const { evidence } = one(record, 'S6');
    expect(evidence.filter((entry) => !entry.ok)).to.have.length(30);
    expect(evidence.filter((entry) => entry.ok)).to.have.length(12);
  });
});

describe('selectChecks', () => {
  const ids = (only: string[]) => selectChecks(only).map((check) => check.id);
  const ofData = ['D1', 'D2', 'D3', 'D4', 'D5', 'D6', 'D7'];

  it('takes ids and families', () => {
    expect(ids(['I6', 'd'])).to.eql(['I6', ...ofData]);
    expect(ids([])).to.have.length(catalogue.length);
  });

  it('refuses what is neither', () => {
    for (const token of ['Z', 'I99', '', 'I,D']) {
      expect(() => ids([token])).to.throw('no such check');
    }
  });

  it('lists a failed installation though only data was asked for', () => {
    const record = goodRecord();
    record.install = [{ object: 'web-0', ok: false, text: 'crashed' }];
    expect(results(record, ['D']).map((r) => r.id)).to.eql(['H1', ...ofData]);
    expect(results(goodRecord(), ['D']).map((r) => r.id)).to.eql(ofData);
  });
});

describe('verdictOf', () => {
  it('is not "proven" when all was skipped', () => {
    expect(verdictOf([])).to.equal('rejected');
  });
});

describe('assertConclusive', () => {
  it('refuses results of which all were skipped, with the reasons', () => {
    const record = goodRecord();
    record.disruptions.forEach((done) => Object.assign(done, { before: [], after: [] }));
    const error = caught(() => {
      assertConclusive(results(record, ['B1']));
    });
    expect(error).to.include({ kind: 'badInput', object: '--only B1' });
    expect(error.message).to.contain('nothing was proven');
    expect(error.hint).to.contain('B1: no disruption left a pod standing by');
  });

  it('accepts what passed or failed', () => {
    assertConclusive(results(goodRecord(), ['I2']));
    assertConclusive(
      results(
        brokenPod((pod) => (pod.hostname = 'localhost')),
        ['I2', 'B1'],
      ),
    );
  });
});
