/** The variables that a task gives its host, as far as the playbook alone tells. */

import { isTemplate } from '../template/templar.ts';
import { every } from './lineage.ts';
import type { Upcoming } from './upcoming.ts';

/** Names that `register` and `set_fact` give; undefined where a `set_fact` may give others, or facts too. */
export function variablesSet({ task, lineage }: Upcoming): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  const register = task.keywords.get('register');
  if (typeof register === 'string') names.add(register);
  if (task.action !== 'set_fact') return names;
  if (task.loop || task.argsTemplate !== undefined || every(lineage, 'module_defaults').length > 0) return undefined;
  for (const name of task.args.keys()) {
    if (typeof name !== 'string' || name === 'cacheable' || isTemplate(name)) return undefined;
    names.add(name);
  }
  return names;
}
