import type { RolloutStatus } from '../rollout/apply/status.ts';
import { imageText } from './rollout-lines.ts';

/** `fleet.web: a rollout to app-2 (ami-…) is under way, in batch 2 of 4: why it stopped`. */
export function whereText(fleet: string, { to, batch, of, direction, steps, failure, wanted }: RolloutStatus): string {
  const where = to ? `to ${imageText(to)}` : 'to nothing';
  const what = direction === 'back' ? `a rollback ${where}` : `a rollout ${where}`;
  const doing = steps.length === 0 ? '' : ` (${steps.slice(0, 5).join(', ')}${steps.length > 5 ? ' …' : ''})`;
  const because = failure ? `: ${wanted ? `${imageText(wanted)} was not good: ` : ''}${failure.message}` : '';
  return `fleet.${fleet}: ${what} is under way, in batch ${batch} of ${of}${doing}${because}`;
}
