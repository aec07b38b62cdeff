import { HoldfastError } from '@holdfast/core';

/** The error that work is rejected with; anything else that it does is thrown. */
export async function errorOf(promise: Promise<unknown>): Promise<HoldfastError> {
  const error: unknown = await promise.then(
    () => new Error('it succeeded'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof HoldfastError) return error;
  throw error as Error;
}
