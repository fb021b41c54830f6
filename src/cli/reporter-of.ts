import type { Reporter } from '../report/reporter.ts';
import type { OutputKind } from './play-options.ts';
import type { Session } from './session.ts';
import { isOn } from './streams.ts';

/** The reporter for a kind of output; only it is loaded. */
export async function reporterOf(kind: OutputKind, verbosity: number, { screen, env }: Session): Promise<Reporter> {
  if (kind === 'json') {
    const { JsonReporter } = await import('../report/json.ts');
    return new JsonReporter(screen);
  }
  const options = { verbosity, explain: true, customStats: isOn(env['ANSIBLE_SHOW_CUSTOM_STATS']) };
  if (kind === 'live') {
    const { LiveReporter } = await import('../report/live.ts');
    return new LiveReporter(screen, options);
  }
  const { TextReporter } = await import('../report/text.ts');
  return new TextReporter(screen, options);
}
