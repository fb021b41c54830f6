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
      throw unhealthy(
        `the target group ${group} belongs to no load balancer, so nobody can tell whether ${id} is healthy`,
        {
          hint: 'let a listener of a load balancer forward to it',
        },
      );
    }
    const why = health?.Description ?? health?.Reason;
    return `${group} calls it ${health?.State ?? 'no target of its own'}${why === undefined ? '' : ` (${why})`}`;
  }
  return undefined;
}
