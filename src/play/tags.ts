/** Which tasks `--tags` and `--skip-tags` leave. */

import type { Where } from '../fault.ts';
import { whereOf } from '../value/source.ts';
import { isList, type Value } from '../value/value.ts';
import { type Lineage, levels } from './lineage.ts';

/** All tags that apply to a level: its own and those it inherits. `render` fills templates in. */
export function tagsOf(
  lineage: Lineage,
  render: (value: Value, where: Where | undefined) => Value = (value) => value,
): ReadonlySet<string> {
  const tags = new Set<string>();
  for (const level of levels(lineage)) {
    const written = level.keywords.get('tags');
    if (written === undefined || written === null) continue;
    for (const tag of splitTags(render(written, whereOf(level.keywords, 'tags')))) tags.add(tag);
  }
  return tags;
}

export function splitTags(value: Value): readonly string[] {
  const items = isList(value) ? value : [value];
  return items
    .flatMap((item) => String(item).split(','))
    .map((tag) => tag.trim())
    .filter(Boolean);
}

/** Ansible's rule (its Taggable.evaluate_tags). */
export function isSelected(tags: ReadonlySet<string>, only: readonly string[], skip: readonly string[]): boolean {
  return isWanted(tags, only.length > 0 ? only : ['all']) && !isSkipped(tags, skip);
}

function isWanted(tags: ReadonlySet<string>, only: readonly string[]): boolean {
  if (tags.has('always')) return true;
  if (only.includes('all') && !tags.has('never')) return true;
  if (only.some((tag) => tags.has(tag))) return true;
  if (only.includes('tagged') && tags.size > 0 && !tags.has('never')) return true;
  return only.includes('untagged') && tags.size === 0;
}

function isSkipped(tags: ReadonlySet<string>, skip: readonly string[]): boolean {
  if (skip.includes('all')) return !tags.has('always') || skip.includes('always');
  if (skip.some((tag) => tags.has(tag))) return true;
  if (skip.includes('tagged') && tags.size > 0) return true;
  return skip.includes('untagged') && tags.size === 0;
}
