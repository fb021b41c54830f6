/** `bake --lint PLAYBOOK...`: what a bake would make of each task. Nothing is made or connected to. */

import type { Session } from './session.ts';

export interface BakeLintOptions {
  readonly playbooks: readonly string[];
  readonly extraVars: readonly string[];
  readonly json: boolean;
}

/** Exit code 0, or 2 when a bake would fail with a task. Throws Faults for what is wrong with the playbooks themselves. */
export async function bakeLint({ playbooks, extraVars, json }: BakeLintOptions, { screen }: Session): Promise<number> {
  const { lintForBake } = await import('../play/lint-for-bake.ts');
  const onWarning = ({ message }: { readonly message: string }) => screen.err(`[WARNING]: ${message}\n`);
  const lint = await lintForBake({ playbooks, extraVars, onWarning });
  if (json) screen.out(`${JSON.stringify(lint, undefined, 2)}\n`);
  else {
    const { lintText } = await import('../report/lint.ts');
    screen.out(lintText(lint, screen));
  }
  const tasks = lint.playbooks.flatMap(({ plays }) => plays.flatMap((play) => play.tasks));
  return tasks.some(({ problem }) => problem) ? 2 : 0;
}
