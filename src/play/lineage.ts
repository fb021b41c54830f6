/** Keywords as they are inherited: task, its blocks from inside out, the role, the play, the command line. */

import type { Where } from '../fault.ts';
import type { Keywords, RoleUse } from '../playbook/types.ts';
import { whereOf } from '../value/source.ts';
import { type Dict, isDict, isList, type Value } from '../value/value.ts';

export interface Lineage {
  readonly parent: Lineage | undefined;
  readonly keywords: Keywords;
  readonly vars: Dict;
  readonly role: RoleUse | undefined;
  /** The vars are parameters of an include: they win over facts that tasks set. */
  readonly include: boolean;
  /** A `rescue` takes care of what fails: it is fatal for nobody else. */
  readonly rescued: boolean;
  /** Of handlers, and what handlers include. */
  readonly handler: boolean;
}

export interface Keyword {
  readonly value: Value;
  readonly where: Where | undefined;
}

export function descend(
  parent: Lineage | undefined,
  level: {
    readonly keywords: Keywords;
    readonly vars: Dict;
    readonly role?: RoleUse | undefined;
    readonly include?: boolean;
    readonly rescued?: boolean;
    readonly handler?: boolean;
  },
): Lineage {
  return {
    parent,
    keywords: level.keywords,
    vars: level.vars,
    role: level.role ?? parent?.role,
    include: level.include ?? false,
    rescued: level.rescued ?? parent?.rescued ?? false,
    handler: level.handler ?? parent?.handler ?? false,
  };
}

/** From the innermost outwards. */
export function* levels(lineage: Lineage | undefined): Iterable<Lineage> {
  for (let level = lineage; level; level = level.parent) yield level;
}

/** The innermost setting of a keyword. */
export function nearest(lineage: Lineage | undefined, name: string): Keyword | undefined {
  for (const level of levels(lineage)) {
    const value = level.keywords.get(name);
    if (value !== undefined && value !== null) return { value, where: whereOf(level.keywords, name) };
  }
  return undefined;
}

/** Every setting of a keyword that adds up (when, environment, module_defaults), outermost first; lists are taken apart. */
export function every(lineage: Lineage | undefined, name: string): readonly Keyword[] {
  const found: Keyword[] = [];
  for (const level of levels(lineage)) {
    const value = level.keywords.get(name);
    if (value === undefined || value === null) continue;
    const items = isList(value)
      ? value.map((item, index) => ({ value: item, where: whereOf(value, index) }))
      : undefined;
    found.unshift(...(items ?? [{ value, where: whereOf(level.keywords, name) }]));
  }
  return found;
}

/** Settings of mappings that add up, the innermost winning. */
export function merged(keywords: readonly Keyword[]): Map<Value, Value> {
  const all = new Map<Value, Value>();
  for (const { value } of keywords) if (isDict(value)) for (const [key, item] of value) all.set(key, item);
  return all;
}
