import { expect } from 'chai';
import { Fault, type FaultCode } from '../../src/fault.ts';

/** The Fault with which a promise rejects; fails the test when it does not, or with another code. */
export async function rejected(promise: Promise<unknown>, code: FaultCode): Promise<Fault> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Fault)) throw error ?? new Error(`it did not fail with ${code}`);
  expect(error.code, error.message).to.equal(code);
  return error;
}
