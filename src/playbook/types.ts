/** Playbooks as typed data. Keyword values stay as written (templates included); `whereOf(keywords, name)` is their place. */

import type { Where } from '../fault.ts';
import type { Dict, Value } from '../value/value.ts';

/** Keywords as written, by name; actions, their arguments and structural keywords (tasks, block, vars …) are not in it. */
export type Keywords = Dict;

export interface Playbook {
  readonly file: string;
  readonly plays: readonly Play[];
}

export interface Play {
  readonly where: Where;
  readonly name: string | undefined;
  /** Directory of the playbook file that holds the play. */
  readonly directory: string;
  /** As written: text, a list, or a template. */
  readonly hosts: Value;
  readonly keywords: Keywords;
  readonly vars: Dict;
  /** Conditions of the import_playbook statements that brought the play: gathering facts is subject to them too. */
  readonly gatherWhen?: readonly Value[];
  readonly varsFiles: readonly Value[];
  readonly varsPrompt: readonly Dict[];
  /** What the play does, in Ansible's order; handlers are flushed after each section. */
  readonly sections: readonly Section[];
  /** Handlers of its roles, use by use, then the play's own: of two with the same name the last is notified. */
  readonly handlers: readonly Entry[];
  /** Every role that the play uses statically, dependencies first: their defaults and vars are visible in the whole play. */
  readonly roles: readonly RoleUse[];
}

/** `pre_tasks`, `roles` with `tasks` (one section, as in Ansible), `post_tasks`. */
export interface Section {
  readonly name: 'pre_tasks' | 'tasks' | 'post_tasks';
  readonly entries: readonly Entry[];
}

export type Entry = Task | Block;

export interface Task {
  readonly kind: 'task';
  readonly where: Where;
  readonly name: string | undefined;
  readonly keywords: Keywords;
  readonly vars: Dict;
  /** The module as written, without `ansible.builtin.` or `ansible.legacy.`. */
  readonly action: string;
  /** The module as written, for showing. */
  readonly written?: string;
  /** Arguments as written; `key=value` text is taken apart; free-form text stands under `_raw_params`. */
  readonly args: Dict;
  readonly argsWhere: Where;
  /** `args: "{{ all }}"`, or a module whose whole argument is one template: rendered, then merged below `args`. */
  readonly argsTemplate?: Value;
  readonly loop: Loop | undefined;
  /** Role that the task belongs to. */
  readonly role: RoleUse | undefined;
  /** Collections whose modules need no prefix: those that the task names, and those around it. */
  readonly collections?: readonly string[];
  /** Directory of the file that the task is written in, for relative look-ups. */
  readonly directory: string;
}

export type Loop =
  | { readonly kind: 'loop'; readonly items: Value; readonly where: Where }
  | { readonly kind: 'with'; readonly plugin: string; readonly items: Value; readonly where: Where };

/** A block, the body of an import, or the body of a role. */
export interface Block {
  readonly kind: 'block';
  readonly where: Where;
  readonly name: string | undefined;
  readonly keywords: Keywords;
  readonly vars: Dict;
  readonly block: readonly Entry[];
  readonly rescue: readonly Entry[];
  readonly always: readonly Entry[];
  /** Set on the block that is the body of a role. */
  readonly role: RoleUse | undefined;
}

/** One use of a role. The same role with the same parameters runs once in a play (unless `allow_duplicates`). */
export interface RoleUse {
  readonly name: string;
  readonly path: string;
  readonly where: Where;
  readonly defaults: Dict;
  readonly vars: Dict;
  readonly params: Dict;
  /** `vars` that the use gives: they are in `vars` too, below the role's own, and tell one use from another. */
  readonly given?: Dict;
  readonly allowDuplicates: boolean;
  readonly handlers: readonly Entry[];
  /** Roles that it depends on, in order; their blocks come first within this role's block. */
  readonly dependencies: readonly RoleUse[];
  /** The role that this one is a dependency of. */
  readonly parent: RoleUse | undefined;
}
