import { unhealthy } from './verdict.ts';
import type { Work } from './work.ts';

/** Why an instance gets no requests from one of its groups; undefined: it gets them from all. */
export async function targetTrouble(
  id: string,
  arns: readonly string[],
  { plan, sightings }: Pick<Work, 'plan' | 'sightings'>,
): Promise<string | undefined> {
  for (const arn of arns) {
    const health = await sightings.target(arn, id);
    if (health?.State === 'healthy') continue;
    const group = plan.targetGroups.find((one) => one.arn === arn)?.name ?? arn;
    if (health?.Reason === 'Target.NotInUse') {
      const why = health.Description ?? 'it belongs to no load balancer';
      throw unhealthy(`${id} gets no requests as a target of ${group}: ${why}`, {
        hint: 'a listener must forward to the target group, and its load balancer have the zone of the instance',
      });
    }
    const why = health?.Description ?? health?.Reason;
    return `${group} calls it ${health?.State ?? 'no target of its own'}${why === undefined ? '' : ` (${why})`}`;
  }
  return undefined;
}
