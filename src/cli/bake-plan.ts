/** `bake --plan`: whether a bake is needed, and why. */

import { chooseCloud } from '../bake/cloud/choose-cloud.ts';
import type { Config } from '../bake/config/config.ts';
import { planBake } from '../bake/plan.ts';
import type { BakeRequest } from '../bake/request.ts';
import { planText } from '../report/plan-text.ts';
import type { Session } from './session.ts';
import { startSandbox } from './start-sandbox.ts';

const NEEDED = 2;

/** Exit codes: 0 nothing to do, 2 a bake is needed. */
export async function planVerb(
  request: BakeRequest,
  config: Config,
  json: boolean,
  { screen, signal }: Session,
): Promise<number> {
  const cloud = await chooseCloud(config, startSandbox);
  const warn = (message: string) => screen.err(`[WARNING]: ${message}\n`);
  try {
    const { inputs, verdict } = await planBake({ request, cloud, signal, warn });
    const plan = {
      image: request.image.name,
      region: cloud.region,
      base: inputs.base,
      inputs: inputs.digest,
      ...verdict,
    };
    screen.out(json ? `${JSON.stringify({ ...plan, needed: verdict.same === undefined }, null, 2)}\n` : planText(plan));
    return verdict.same ? 0 : NEEDED;
  } finally {
    cloud.close();
  }
}
