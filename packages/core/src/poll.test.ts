import { expect } from 'chai';
import { HoldfastError } from './errors.ts';
import { elseEnvironment, poll, PollTimeout, type Probe, unlessLate } from './poll.ts';

/** What a promise was rejected with. */
async function rejection(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.fail('it was not rejected'),
    (error: unknown) => error,
  );
}

describe('poll', () => {
  it('returns the value of the first probe that is done', async () => {
    let probes = 0;
    const probe = (): Promise<Probe<string>> => {
      probes += 1;
      return Promise.resolve(
        probes < 3 ? { done: false, saw: `${probes}` } : { done: true, value: 'ready' },
      );
    };
    expect(await poll(probe, { what: 'it', limitMs: 1000, everyMs: 1 })).to.equal('ready');
    expect(probes).to.equal(3);
  });

  it('names its limit, what it waited for and the last value seen', async () => {
    let probes = 0;
    const probe = (): Promise<Probe<never>> => {
      probes += 1;
      return Promise.resolve({ done: false, saw: `replicas ${probes}` });
    };
    const error = await rejection(poll(probe, { what: '3 replicas', limitMs: 20, everyMs: 5 }));
    expect(error).to.be.instanceOf(PollTimeout).and.to.be.instanceOf(HoldfastError);
    const { message, saw } = error as PollTimeout;
    expect(saw).to.equal(`replicas ${probes}`);
    expect(message).to.equal(`waited 0.02 s for 3 replicas; last seen: ${saw}`);
  });

  it('probes once even with no time at all', async () => {
    const probe = (): Promise<Probe<number>> => Promise.resolve({ done: true, value: 1 });
    expect(await poll(probe, { what: 'it', limitMs: 0 })).to.equal(1);
  });

  it('ends with what the probe throws', async () => {
    const broken = new Error('broken');
    const probe = (): Promise<Probe<never>> => Promise.reject(broken);
    expect(await rejection(poll(probe, { what: 'it', limitMs: 1000 }))).to.equal(broken);
  });

  it('does not probe when it has been aborted before', async () => {
    const reason = new Error('stopped');
    let probes = 0;
    const probe = (): Promise<Probe<never>> => {
      probes += 1;
      return Promise.resolve({ done: false, saw: '' });
    };
    const options = { what: 'it', limitMs: 1000, signal: AbortSignal.abort(reason) };
    expect(await rejection(poll(probe, options))).to.equal(reason);
    expect(probes).to.equal(0);
  });

  it('ends at once, with the reason of the signal, when it is aborted in a pause', async () => {
    const controller = new AbortController();
    const reason = new Error('stopped');
    const probe = (): Promise<Probe<never>> => {
      setImmediate(() => {
        controller.abort(reason);
      });
      return Promise.resolve({ done: false, saw: '' });
    };
    const began = performance.now();
    const options = { what: 'it', limitMs: 60_000, everyMs: 60_000, signal: controller.signal };
    const error = await rejection(poll(probe, options));
    expect(performance.now() - began).to.be.lessThan(5000);
    expect(error).to.equal(reason);
  });
});

describe('unlessLate', () => {
  const late = (saw: string) => `late: ${saw}`;

  it('is the answer of a wait that ends in time', async () => {
    expect(await unlessLate(Promise.resolve('ready'), late)).to.equal('ready');
  });

  it('is made of what was seen last where the limit passed', async () => {
    const never = (): Promise<Probe<never>> => Promise.resolve({ done: false, saw: 'half' });
    expect(await unlessLate(poll(never, { what: 'it', limitMs: 0 }), late)).to.equal('late: half');
  });

  it('takes no other error for a limit', async () => {
    const broken = new Error('broken');
    expect(await rejection(unlessLate(Promise.reject(broken), late))).to.equal(broken);
  });
});

describe('elseEnvironment', () => {
  const details = { object: 'node a', hint: 'look at it' };
  const wrapped = (wait: Promise<unknown>) => elseEnvironment(wait, 'it did not come', details);

  it('is the answer of a wait that ends in time', async () => {
    expect(await wrapped(Promise.resolve('ready'))).to.equal('ready');
  });

  it('blames the machine where the limit passed, and says what was seen last', async () => {
    const never = (): Promise<Probe<never>> => Promise.resolve({ done: false, saw: 'half' });
    const error = await rejection(wrapped(poll(never, { what: 'it', limitMs: 0 })));
    expect(error).to.include({ kind: 'environment', ...details });
    expect(error).to.not.be.instanceOf(PollTimeout);
    expect(error).to.have.property(
      'message',
      'it did not come: waited 0 s for it; last seen: half',
    );
  });

  it('takes no other error for a limit', async () => {
    const broken = new Error('broken');
    expect(await rejection(wrapped(Promise.reject(broken)))).to.equal(broken);
  });
});
