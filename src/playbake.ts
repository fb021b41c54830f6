/** The public door: run playbooks from code. */

import type { ExitCode, RunOptions } from './play/options.ts';
import { prepare } from './play/prepare.ts';

export type { Become, Connect, Connection, Pipe, Target } from './connection/connection.ts';
export { FAULT_CODES, Fault, type FaultCode, Faults, type Where } from './fault.ts';
export type { Diff, HostStats, PlayEvent, ResultData, Status, TaskInfo } from './play/events.ts';
export type { ConnectionDefaults, ExitCode, ListedPlay, ListedTask, PreparedRun, RunOptions } from './play/options.ts';
export { prepare };

const DEFAULTS = {
  inventory: [],
  extraVars: [],
  tags: [],
  skipTags: [],
  check: false,
  diff: false,
  forks: 50,
  verbosity: 0,
  forceHandlers: false,
  progress: false,
  connection: { become: false },
  emit: () => {},
} as const;

/**
 * Plays playbooks; `play({ playbooks: ['site.yml'], inventory: ['hosts'] })` is `play site.yml -i hosts`.
 * What happens is told to `emit`. Resolves with the exit code that the command would have; throws a Fault or Faults
 * for what is wrong with the playbooks or the inventory, before any host is connected to.
 */
export async function play(options: Partial<RunOptions> & Pick<RunOptions, 'playbooks'>): Promise<ExitCode> {
  const prepared = await prepare({ ...DEFAULTS, signal: new AbortController().signal, ...options });
  return prepared.run();
}
