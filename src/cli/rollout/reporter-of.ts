import type { RolloutReporter } from '../../report/rollout-reporter.ts';
import type { Session } from '../session.ts';

export async function rolloutReporterOf(isJson: boolean, { screen }: Session): Promise<RolloutReporter> {
  if (isJson) {
    const { RolloutJsonReporter } = await import('../../report/rollout-json.ts');
    return new RolloutJsonReporter(screen);
  }
  const { RolloutTextReporter } = await import('../../report/rollout-text.ts');
  return new RolloutTextReporter(screen);
}
