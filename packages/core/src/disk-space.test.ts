import { tmpdir } from 'node:os';
import { expect } from 'chai';
import { assertSpace } from './disk-space.ts';
import { failure } from './failure.fixture.ts';

describe('assertSpace', () => {
  it('is content with what there is', async () => {
    await assertSpace(tmpdir(), 1, 'a test', '');
  });

  it('says how much there is, how much is needed, and what to do', async () => {
    const { kind, message, object, hint } = await failure(
      assertSpace(tmpdir(), 1024 ** 6, 'a test', 'make room'),
    );
    expect({ kind, object, hint }).to.deep.equal({
      kind: 'environment',
      object: tmpdir(),
      hint: 'make room',
    });
    expect(message).to.match(
      /^too little disk space for a test: \d+ MiB free, 1099511627776 MiB needed$/,
    );
  });

  it('does not judge a folder that is not there', async () => {
    await assertSpace('/is/not/there', 1024 ** 6, 'a test', '');
  });
});
