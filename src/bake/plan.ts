/** Whether a bake is needed: its first steps, and nothing that makes anything. */

import type { Cloud } from '../cloud/cloud.ts';
import { asFault } from '../cloud/cloud-error.ts';
import { Fault } from '../fault.ts';
import { type Compared, compare } from './compare.ts';
import { runDirectory } from './journal/run-directory.ts';
import type { BakeRequest } from './request.ts';
import { resolveBase } from './steps/base.ts';
import { checkAll } from './steps/check.ts';
import { Witness } from './witness.ts';
import type { Work } from './work.ts';

export interface PlanOptions {
  readonly request: BakeRequest;
  readonly cloud: Cloud;
  readonly signal: AbortSignal;
  readonly warn: (message: string, hint?: string) => void;
}

/** Throws Faults for what is wrong with the playbook, the configuration or the cloud. */
export async function planBake(options: PlanOptions): Promise<Compared> {
  const work = lookingOnly(options);
  try {
    await checkAll.run({}, work);
    const { base } = await resolveBase.run({}, work);
    return await compare(base.id, work);
  } catch (error) {
    throw asFault(error);
  }
}

/** Nothing is written down, so nothing may be made. */
function lookingOnly({ request, cloud, signal, warn }: PlanOptions): Work {
  const never = (): never => {
    throw new Fault('not-built', 'a plan makes nothing');
  };
  return {
    run: 'plan',
    ...{ request, cloud, signal, warn },
    directory: runDirectory(request.project, 'plan'),
    tags: {},
    ...{ progress: () => {}, note: () => {}, play: () => {} },
    ...{ intend: never, made: never, unmade: never, machine: never, leaveMachines: async () => {} },
    secrets: new Set(),
    witness: new Witness(),
    things: () => [],
  };
}
