/** Handlers: notified by changes, run once for each host that notified them, in the order they are written. */

import { Fault, type Where } from '../fault.ts';
import type { Block, Entry, RoleUse, Task } from '../playbook/types.ts';
import { isTemplate } from '../template/templar.ts';
import { isList, toPlain, type Value } from '../value/value.ts';
import type { HostState } from './host-state.ts';
import { descend, every, type Lineage, levels } from './lineage.ts';
import type { PlayState } from './play-state.ts';
import { type ItemRun, render } from './task-run.ts';
import { scopeOf } from './variables.ts';

export interface Handler {
  /** The same for uses of a role that nothing tells from another: their handlers are one. */
  readonly key: string;
  readonly task: Task;
  /** Its parents: the play, its role, the block it stands in. */
  readonly parents: Lineage;
}

/** Every handler of a play: its own, its roles', and those that includes brought. */
export class Handlers {
  readonly #handlers = new Map<string, Handler>();
  readonly #counts = new Map<RoleUse | undefined, number>();

  add(entries: readonly Entry[], parents: Lineage): void {
    for (const entry of entries) {
      const outer = { ...withRole(parents, entry.role), handler: true };
      if (entry.kind === 'block') this.add(entry.block, descend(outer, entry));
      else {
        const key = this.#keyOf(entry, outer);
        this.#handlers.set(key, { key, task: entry, parents: outer });
      }
    }
  }

  all(): readonly Handler[] {
    return [...this.#handlers.values()];
  }

  #keyOf({ role }: Task, parents: Lineage): string {
    const count = this.#counts.get(role) ?? 0;
    this.#counts.set(role, count + 1);
    const included = [...levels(parents)].filter((level) => level.include && level.vars.size > 0);
    const given = [role?.params, role?.given, ...included.map(({ vars }) => vars)];
    const told = given.flatMap((vars) => (vars && vars.size > 0 ? [toPlain(vars)] : []));
    return JSON.stringify([role?.path, told, count]);
  }
}

function withRole(parents: Lineage, role: Task['role'] | Block['role']): Lineage {
  if (!role || parents.role === role) return parents;
  return descend(parents, { keywords: new Map(), vars: new Map(), role });
}

/** Notes the handlers that a changed result notifies. Throws Fault `handler-missing` for a name that none has. */
export function notify(run: ItemRun): void {
  const { play, host } = run;
  for (const { value, where } of every(run.lineage, 'notify')) {
    for (const name of notifyNames(render(run, value, where))) {
      for (const handler of named(run, name, where)) {
        if (play.notifications.add(handler, host)) {
          play.world.emit({ type: 'note', level: 2, message: `NOTIFIED HANDLER ${name} for ${host.name}` });
        }
      }
    }
  }
}

/** The handlers that a rendered `notify` means. Throws Fault `handler-missing`. */
export function handlersFor(run: ItemRun, value: Value, where: Where | undefined): readonly Handler[] {
  return notifyNames(value).flatMap((name) => named(run, name, where));
}

function named({ play, host, info }: ItemRun, name: string, where: Where | undefined): readonly Handler[] {
  const found = matching(play, host, name);
  if (found.length > 0) return found;
  throw new Fault(
    'handler-missing',
    `The requested handler '${name}' was not found in either the main handlers list nor in the listening handlers list`,
    { where: where ?? info.where },
  );
}

function notifyNames(value: Value): readonly string[] {
  return (isList(value) ? value.flat() : [value]).map(String);
}

/** Whether a name is surely a handler's, whatever the variables of a host are. */
export function isHandler({ handlers }: PlayState, name: string): boolean {
  return handlers.all().some((handler) => listens(handler, name) || literalNames(handler).includes(name));
}

/** The last handler of that name (in its role, or anywhere), and all that listen to it. */
function matching(play: PlayState, host: HostState, name: string): readonly Handler[] {
  const all = play.handlers.all();
  const named = all.filter((handler) => names(play, host, handler).includes(name)).slice(-1);
  return [...named, ...all.filter((handler) => listens(handler, name))];
}

function names(play: PlayState, host: HostState, { task, parents }: Handler): readonly string[] {
  if (task.name === undefined) return [];
  let name = task.name;
  if (name.includes('{{')) {
    try {
      const scope = scopeOf(play, host, descend(parents, task), task);
      name = String(play.world.templar([play.playbookDirectory]).render(name, scope, task.where));
    } catch {
      return []; // A handler whose name cannot be made out cannot be notified by name.
    }
  }
  return inRole(name, parents);
}

function literalNames({ task, parents }: Handler): readonly string[] {
  return task.name === undefined || isTemplate(task.name) ? [] : inRole(task.name, parents);
}

function inRole(name: string, { role }: Lineage): readonly string[] {
  return role ? [name, `${role.name} : ${name}`] : [name];
}

function listens({ task }: Handler, topic: string): boolean {
  const listen = task.keywords.get('listen');
  if (listen === undefined || listen === null) return false;
  return (isList(listen) ? listen : [listen]).some((one) => String(one) === topic);
}
