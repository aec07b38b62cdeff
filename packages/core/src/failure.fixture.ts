import { expect } from 'chai';
import { HoldfastError } from './errors.ts';

/** The error that work is rejected with; it must be a {@link HoldfastError}. */
export async function failure(work: Promise<unknown>): Promise<HoldfastError> {
  const error = await work.then(
    () => expect.fail('it was not rejected'),
    (thrown: unknown) => thrown,
  );
  expect(error).to.be.instanceOf(HoldfastError);
  return error as HoldfastError;
}
