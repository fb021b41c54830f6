import { rolloutPlanText } from '../../report/rollout-plan-text.ts';
import type { Plan } from '../../rollout/plan/plan.ts';
import type { Held } from './rollout-session.ts';

/** Shows what is going to be done; to programs, which get events, it is not shown. */
export function showPlan({ fleets }: Plan, { session, isJson }: Held): void {
  const { color } = session.screen;
  if (!isJson) session.screen.out(rolloutPlanText(fleets, { color, isSaved: false, isApplied: true }));
}
