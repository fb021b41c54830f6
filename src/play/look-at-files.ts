/** Which files of this machine a task's module would read: it is asked to plan, for a host that answers nothing. */

import { Fault } from '../fault.ts';
import { argumentOf, coerceArguments } from '../module/check-arguments.ts';
import type { Module } from '../module/module.ts';
import { isTemplate } from '../template/templar.ts';
import { whereOf } from '../value/source.ts';
import type { Dict, Value } from '../value/value.ts';
import { TaskHost } from './task-host.ts';
import type { ItemRun } from './task-run.ts';

/**
 * What it looks at is told to the templar's `onRead`. A plan that goes wrong for want of facts has looked at what it could;
 * a module that works by steps of its own is stopped at the first.
 */
export async function lookAtFiles(run: ItemRun, name: string, module: Module, args: Dict): Promise<void> {
  const known = new Map([...args].filter(([key, value]) => !isOpen(value) || takesText(module, String(key))));
  try {
    const typed = coerceArguments(name, module, known, whereOf(args) ?? run.task.argsWhere);
    const host = silentHost(run);
    await (module.run ? module.run(typed, host) : module.plan(typed, host));
  } catch {
    // Nothing is done here: what is wrong shows when the task is run.
  }
}

const isOpen = (value: Value): boolean => typeof value === 'string' && isTemplate(value);

/** Of other types, text that is not filled in yet is wrong. */
function takesText(module: Module, name: string): boolean {
  const type = argumentOf(module, name)?.[1].type;
  return type === 'string' || type === 'path';
}

function silentHost(run: ItemRun): TaskHost {
  const nobody = (): never => {
    throw new Fault('interrupted', 'nothing is connected to');
  };
  return new TaskHost({
    state: run.host,
    mode: run.play.world.options.mode ?? 'live',
    isImage: () => false,
    scope: run.scope,
    templar: run.templar,
    searchPath: run.searchPath,
    where: run.task.argsWhere,
    check: true,
    diff: false,
    verbosity: 0,
    environment: {},
    session: nobody,
    reset: nobody,
    become: () => undefined,
    signal: AbortSignal.abort(),
    onProgress: undefined,
    ask: nobody,
    setVariables: () => undefined,
    warnings: [],
  });
}
