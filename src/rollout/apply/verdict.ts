/** The verdict on a release: it is bad when an instance of it does not become, or does not stay, healthy. */

import { Fault } from '../../fault.ts';

export function unhealthy(message: string, options: { readonly hint?: string; readonly cause?: unknown } = {}): Fault {
  return new Fault('rollout-unhealthy', message, options);
}

/** Other failures say nothing of the release: a refusal of the cloud, a full disk, Ctrl-C. */
export function isVerdict(error: unknown): error is Fault {
  return error instanceof Fault && error.code === 'rollout-unhealthy';
}
