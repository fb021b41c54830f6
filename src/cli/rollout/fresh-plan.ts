import type { Cloud } from '../../cloud/cloud.ts';
import { Fault } from '../../fault.ts';
import type { Plan } from '../../rollout/plan/plan.ts';
import { readPlanFile } from '../../rollout/plan/plan-file.ts';
import type { State } from '../../rollout/state/state.ts';

const AGAIN = 'make a new one: `rollout plan -out FILE`';

/** A saved plan that still holds. Throws `plan-invalid`, and `plan-stale` for one of another state, region or account. */
export async function freshPlan(file: string, state: State | undefined, cloud: Cloud): Promise<Plan> {
  const plan = await readPlanFile(file);
  const { lineage, serial } = plan.prior;
  if (lineage !== (state?.lineage ?? '') || serial !== (state?.serial ?? 0)) {
    throw new Fault('plan-stale', 'Saved plan is stale: the state was changed by another operation after it was made', {
      where: { file },
      hint: AGAIN,
    });
  }
  const { kind, region, account } = plan.cloud;
  const here = { kind: cloud.kind, region: cloud.region, account: await cloud.account() };
  if (kind === here.kind && region === here.region && account === here.account) return plan;
  const [made, now] = [plan.cloud, here].map((one) => `${one.kind}, region ${one.region}, account ${one.account}`);
  throw new Fault('plan-stale', `the plan was made for ${made}; this is ${now}`, { where: { file }, hint: AGAIN });
}
