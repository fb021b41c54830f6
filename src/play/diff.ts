/** A module's diff as events carry it. */

import type { Outcome, Result } from '../module/module.ts';
import type { Diff } from './events.ts';

/** A module's own `diff`, else that of its steps: file contents one by one, properties together as in Ansible. */
export function contentDiff(result: Result, outcome: Outcome | undefined): readonly Diff[] {
  const own = result['diff'];
  if (own !== undefined) return (Array.isArray(own) ? own : [own]) as readonly Diff[];
  const diffs: Diff[] = [];
  const before: Record<string, string> = {};
  const after: Record<string, string> = {};
  for (const one of outcome?.diff ?? []) {
    if (one.name === undefined) {
      const path = one.path ?? '';
      diffs.push({ before: one.before, after: one.after, beforeHeader: path, afterHeader: path });
    } else {
      before[one.name] = one.before;
      after[one.name] = one.after;
    }
  }
  if (Object.keys(after).length > 0) diffs.push({ before: asText(before), after: asText(after) });
  return diffs;
}

function asText(values: Record<string, string>): string {
  return `${JSON.stringify(values, Object.keys(values).sort(), 4)}\n`;
}
