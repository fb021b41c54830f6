/** Every task and block of a play with what it inherits. */

import { isDict, isList, type Value } from '../value/value.ts';
import { shortName } from './free-form.ts';
import type { Block, Entry, Keywords, Play, RoleUse, Task } from './types.ts';

export interface Visit {
  readonly entry: Entry;
  /** Keywords of the play and the blocks around, outermost first. */
  readonly inherited: readonly Keywords[];
  /** The blocks around, outermost first. */
  readonly blocks: readonly Block[];
  /** Roles whose tasks these are, outermost first. */
  readonly roles: readonly RoleUse[];
  /** Whether it may be passed over, or fail: a handler, a rescue and what it is for, something with a condition. */
  readonly isOptional: boolean;
  /** Whether what is around it may be passed over. */
  readonly isWithinOptional: boolean;
}

/** Sections in their order, then handlers; each entry once. */
export function* walk(play: Play): Iterable<Visit> {
  const top = { inherited: [play.keywords], blocks: [], roles: [], isOptional: play.gatherWhen !== undefined };
  const seen = new Set<Entry>();
  for (const section of play.sections) yield* visit(section.entries, top, seen);
  yield* visit(play.handlers, { ...top, isOptional: true }, seen);
}

/** What a task includes, with what it inherits. */
export function walkIncluded(
  entries: readonly Entry[],
  { entry, inherited, blocks, roles, isOptional }: Visit,
): Iterable<Visit> {
  return visit(entries, { inherited: [...inherited, entry.keywords], blocks, roles, isOptional }, new Set());
}

type Outer = Omit<Visit, 'entry' | 'isWithinOptional'>;

function* visit(entries: readonly Entry[], outer: Outer, seen: Set<Entry>): Iterable<Visit> {
  for (const entry of entries) {
    if (seen.has(entry)) continue;
    seen.add(entry);
    const isOptional = outer.isOptional || isConditional(entry);
    yield { ...outer, entry, isOptional, isWithinOptional: outer.isOptional };
    if (entry.kind === 'task') continue;
    const roles = entry.role && entry.role !== outer.roles.at(-1) ? [...outer.roles, entry.role] : outer.roles;
    const inherited = [...outer.inherited, entry.keywords];
    const inner = { inherited, blocks: [...outer.blocks, entry], roles, isOptional };
    // What fails in a block with a rescue does no harm.
    yield* visit(entry.block, { ...inner, isOptional: isOptional || entry.rescue.length > 0 }, seen);
    yield* visit(entry.rescue, { ...inner, isOptional: true }, seen);
    yield* visit(entry.always, inner, seen);
  }
}

function isConditional(entry: Entry): boolean {
  const tags = entry.keywords.get('tags') ?? [];
  const never = (isList(tags) ? tags : [tags]).some((tag) => String(tag).split(',').includes('never'));
  const loops = entry.kind === 'task' && entry.loop !== undefined;
  const [test, ignored] = [entry.keywords.get('when'), entry.keywords.get('ignore_errors')];
  return never || loops || isOther(test, true) || isOther(ignored, false);
}

/** Whether a keyword is given with another value than the one that changes nothing. */
function isOther(value: Value | undefined, idle: boolean): boolean {
  return value !== undefined && value !== null && value !== idle;
}

/** Whether module_defaults around a task may give it arguments. */
export function hasDefaults(task: Task, inherited: readonly Keywords[], names: readonly string[]): boolean {
  return [...inherited, task.keywords].some((keywords) => {
    const defaults = keywords.get('module_defaults') ?? [];
    return (isList(defaults) ? defaults : [defaults]).some(
      (one) => isDict(one) && [...one.keys()].some((key) => names.includes(shortName(String(key)))),
    );
  });
}
