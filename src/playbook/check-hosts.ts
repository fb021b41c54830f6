/** What can be told of a play's hosts before it runs: patterns that cannot be read, variables files that are wrong. */

import { Fault, type Findings } from '../fault.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { selectHosts } from '../inventory/select.ts';
import { hostVariables } from '../inventory/vars.ts';
import { isTemplate } from '../template/templar.ts';
import { whereOf } from '../value/source.ts';
import { isList } from '../value/value.ts';
import type { Play, Playbook } from './types.ts';

export interface CheckHostsOptions {
  readonly limit?: string | undefined;
  readonly workingDirectory: string;
  readonly findings: Findings;
}

/** Files of hosts that no play names are not read: they may be nobody's business in this run. */
export function checkHosts({ plays }: Playbook, inventory: Inventory, options: CheckHostsOptions): void {
  const { findings } = options;
  for (const play of plays) {
    for (const host of findings.collect(() => hostsOf(play, inventory, options)) ?? []) {
      hostVariables(inventory, host, { playbookDirectory: play.directory, findings });
    }
  }
}

/** None where only the run can tell. What matches nothing is told then too. */
function hostsOf(play: Play, inventory: Inventory, { limit, workingDirectory }: CheckHostsOptions): readonly string[] {
  const patterns = (isList(play.hosts) ? play.hosts : [play.hosts]).map(String);
  if (patterns.some(isTemplate)) return [];
  try {
    return selectHosts(inventory, patterns, { workingDirectory, ...(limit !== undefined && { limit }) });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (error.code !== 'pattern-invalid') return [];
    const where = whereOf(play.keywords, 'hosts') ?? play.where;
    throw new Fault(error.code, error.message, { where, hint: error.hint, cause: error });
  }
}
