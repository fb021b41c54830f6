/** `bake --plan`: whether a bake is needed, and why. */

import { planBake } from '../bake/plan.ts';
import type { BakeRequest } from '../bake/request.ts';
import { chooseCloud } from '../cloud/choose-cloud.ts';
import type { Config } from '../config/config.ts';
import { planText } from '../report/plan-text.ts';
import { ensureCloud } from './sandbox-cloud.ts';
import type { Session } from './session.ts';

const NEEDED = 2;

/** Exit codes: 0 nothing to do, 2 a bake is needed. */
export async function planVerb(request: BakeRequest, config: Config, json: boolean, session: Session): Promise<number> {
  const { screen, signal } = session;
  const cloud = await chooseCloud(config, () => ensureCloud(session));
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
