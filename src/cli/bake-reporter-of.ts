import type { BakeReporter } from '../report/bake-reporter.ts';
import type { BakeOptions } from './bake-options.ts';
import type { Session } from './session.ts';

/** The reporter that the options ask for; only it is loaded. */
export async function bakeReporterOf(
  { json, output, verbose }: BakeOptions,
  { screen, live }: Session,
): Promise<BakeReporter> {
  if (json || output === 'json') {
    const { BakeJsonReporter } = await import('../report/bake-json.ts');
    return new BakeJsonReporter(screen);
  }
  const options = { verbosity: verbose };
  if (live && output !== 'text') {
    const { BakeLiveReporter } = await import('../report/bake-live.ts');
    return new BakeLiveReporter(screen, options);
  }
  const { BakeTextReporter } = await import('../report/bake-text.ts');
  return new BakeTextReporter(screen, options);
}
