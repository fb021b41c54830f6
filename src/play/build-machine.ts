/** What a bake changes in who plays are for: the build machine is every host but localhost. */

import { type BuildHost, placeBuildHost } from '../inventory/build-host.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { isLocalhost } from '../inventory/localhost.ts';
import { splitPatterns } from '../inventory/select.ts';
import type { Play } from '../playbook/types.ts';
import { isTemplate, layer, Scope, type Templar } from '../template/templar.ts';
import { type Dict, isList, type Value } from '../value/value.ts';

export interface PlacingOptions {
  readonly extraVars: Dict;
  readonly templar: Templar;
}

/** Before anything else looks at the inventory. A pattern that only the run can fill in is placed when its play begins. */
export function placeBuildMachine(
  inventory: Inventory,
  build: BuildHost,
  plays: readonly Play[],
  { extraVars, templar }: PlacingOptions,
): void {
  const patterns = plays.map((play) => {
    const scope = new Scope(templar, [layer(extraVars), layer(play.vars)]);
    return patternsOf(play.hosts).map((one) => filled(one, scope, templar));
  });
  placeBuildHost(
    inventory,
    build,
    patterns.filter((words) => !isLocal(words) && !words.some(isTemplate)),
  );
}

function filled(pattern: string, scope: Scope, templar: Templar): string {
  try {
    return patternsOf(templar.render(pattern, scope)).join(',');
  } catch {
    return pattern; // The run tells what is wrong with it, if it is still wrong then.
  }
}

/** A play's `hosts` as words. */
export function patternsOf(hosts: Value): readonly string[] {
  return (isList(hosts) ? hosts : [hosts]).map(String);
}

/** Whether a play is for the control machine alone, in a bake too. */
export function isLocal(patterns: readonly string[]): boolean {
  const words = splitPatterns(patterns);
  return words.length > 0 && words.every(isLocalhost);
}
