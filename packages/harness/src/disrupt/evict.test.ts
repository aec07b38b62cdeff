import { expect } from 'chai';
import { ApiFailure } from '../kube/failure.ts';
import { awaitBudget, evictTarget } from './evict.ts';
import type { Outcome } from './strike.ts';
import { world, type World } from './world.fixture.ts';

const evictionOf = (name: string) => `POST /api/v1/namespaces/ns/pods/${name}/eviction`;
const refusal = (message = "Cannot evict pod as it would violate the pod's disruption budget.") =>
  new ApiFailure(429, 'TooManyRequests', message, 'POST');

function budget(name: string, disruptionsAllowed: number, app = 'web') {
  const selector = { matchLabels: { app } };
  return { metadata: { name }, spec: { selector }, status: { disruptionsAllowed } };
}

/** A world whose pods carry the label of the budgets. */
function labelled(...budgets: unknown[]): World {
  const there = world();
  for (const pod of there.pods.values()) {
    pod.metadata.labels = { ...pod.metadata.labels, app: 'web' };
  }
  there.budgets = budgets;
  return there;
}

async function evict(there: World): Promise<Outcome & { told: string[] }> {
  const told: string[] = [];
  const targets = [...there.pods.values()].slice(0, 1);
  const outcome = await evictTarget({
    scene: there.scene,
    targets,
    nodes: [],
    beganMs: 0,
    tell: (object, event) => told.push(`${object} ${event}`),
    reported: () => {},
  });
  return { ...outcome, told };
}

/** Answers a dry run by a refusal, or lets it pass; what is no dry run is done. */
function answering(there: World, dryRun: () => unknown): void {
  there.onRequest = ({ body }) => (JSON.stringify(body).includes('dryRun') ? dryRun() : {});
}

describe('evictTarget', () => {
  it('evicts a pod by its UID', async () => {
    const there = labelled(budget('web', 1));
    const { refused, told, eviction } = await evict(there);
    expect(refused).to.equal(undefined);
    expect(told).to.eql(['web-0 eviction requested']);
    expect(there.asked).to.eql([
      {
        line: evictionOf('web-0'),
        body: {
          apiVersion: 'policy/v1',
          kind: 'Eviction',
          metadata: { name: 'web-0', namespace: 'ns' },
          deleteOptions: { preconditions: { uid: 'u0' } },
        },
      },
    ]);
    expect(eviction).to.eql({ budgets: ['web'], untried: 'budget web allows 1 more' });
  });

  it('asks for one more than a used-up budget allows, as a dry run', async () => {
    const there = labelled(budget('other', 0, 'db'), budget('web', 0));
    answering(there, () => {
      throw refusal();
    });
    const { eviction } = await evict(there);
    expect(there.asked.map(({ line }) => line)).to.eql([evictionOf('web-0'), evictionOf('web-1')]);
    expect(there.asked[1]?.body).to.deep.include({
      deleteOptions: { preconditions: { uid: 'u1' }, dryRun: ['All'] },
    });
    expect(eviction?.beyond).to.include({ pod: 'web-1', budget: 'web', refused: true });
    expect(eviction?.beyond?.said).to.match(/^Cannot evict pod/);
  });

  it('sees a budget that lets one more pass', async () => {
    const there = labelled(budget('web', 0));
    const { eviction } = await evict(there);
    expect(eviction?.beyond).to.include({ refused: false, said: 'the eviction was allowed' });
  });

  it('asks for no other where none is covered, or none is Ready', async () => {
    expect((await evict(labelled())).eviction?.untried).to.equal('no budget covers it');
    const there = labelled(budget('web', 0));
    there.pods.get('web-1')?.status.conditions?.splice(0);
    const { eviction } = await evict(there);
    expect(eviction?.untried).to.contain('covers no other pod');
    expect(there.asked).to.have.length(1);
  });

  it('is refused, and says so, where the budget is used up by then', async () => {
    const there = labelled(budget('web', 0));
    there.onRequest = () => {
      throw refusal();
    };
    const { refused } = await evict(there);
    expect(refused).to.contain('the eviction of web-0 is refused: Cannot evict pod');
    expect(there.asked).to.have.length(1);
  });

  it('does not take another failure for a refusal', async () => {
    const there = labelled(budget('web', 1));
    there.onRequest = () => {
      throw new ApiFailure(403, 'Forbidden', 'pods/eviction is forbidden', 'POST');
    };
    const failed = await evict(there).catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(ApiFailure).and.to.include({ status: 403 });
  });
});

describe('awaitBudget', () => {
  const hindered = (there: World) => awaitBudget(there.scene, [...there.pods.values()].slice(0, 1));

  it('asks by dry runs while a budget lags behind the pods', async () => {
    const there = labelled(budget('web', 1));
    let times = 0;
    there.onRequest = () => {
      times += 1;
      if (times < 3) throw refusal('The disruption budget web is still being processed');
    };
    expect(await hindered(there)).to.equal(undefined);
    expect(times).to.equal(3);
    expect(there.asked.every(({ body }) => JSON.stringify(body).includes('dryRun'))).to.equal(true);
  });

  it('says the refusal of a budget that allows none', async () => {
    const there = labelled(budget('web', 0));
    there.onRequest = () => {
      throw refusal();
    };
    expect(await hindered(there)).to.contain('the eviction of web-0 is refused: Cannot evict pod');
    expect(there.asked.length).to.be.greaterThan(3);
  });

  it('does not ask again where two budgets cover the pod', async () => {
    const there = labelled(budget('web', 1), budget('web-too', 1));
    there.onRequest = () => {
      const text = 'This pod has more than one PodDisruptionBudget, which is not supported.';
      throw new ApiFailure(500, 'InternalError', text, 'POST');
    };
    expect(await hindered(there)).to.contain('more than one PodDisruptionBudget');
    expect(there.asked).to.have.length(1);
  });
});
