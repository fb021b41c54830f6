/** A playbook file as typed plays: imports followed, roles read, every fault of every file in the findings. */

import { dirname } from 'node:path';
import type { Where } from '../fault.ts';
import { whereOf } from '../value/source.ts';
import { isDict, isList } from '../value/value.ts';
import { findTasks } from './find-tasks.ts';
import { importPlaybook, isImport } from './import-playbook.ts';
import { type LoadOptions, readDocument, type TaskContext } from './loader.ts';
import { readPlay } from './read-play.ts';
import { readTaskFile } from './read-task-file.ts';
import { checkShape } from './shape.ts';
import { tidy } from './tidy.ts';
import type { Entry, Play, Playbook } from './types.ts';

export type { LoadOptions } from './loader.ts';
export { loadRole } from './roles.ts';
export type IncludeContext = TaskContext;

/** @param file an absolute path. A file that cannot be read is in the findings too. */
export function loadPlaybook(file: string, options: LoadOptions): Playbook {
  const { findings } = options;
  const shared = { ...options, documents: options.documents ?? new Map() };
  const plays = findings.collect(() => readPlaybook(file, shared, [file])) ?? [];
  tidy(findings.faults);
  tidy(findings.warnings);
  return { file, plays };
}

/** For include_tasks. @param file an absolute path, from `findTaskFile`. Throws `file-unreadable`. */
export function loadTaskFile(file: string, context: IncludeContext): readonly Entry[] {
  return readTaskFile(file, { ...context, directory: dirname(file) });
}

/** The absolute path of a file that include_tasks names. Throws `file-missing` with every place that was tried. */
export function findTaskFile(name: string, context: IncludeContext, where?: Where): string {
  return findTasks(name, context, where && { where });
}

function readPlaybook(file: string, options: LoadOptions, importing: readonly string[]): readonly Play[] {
  const { findings } = options;
  const before = findings.faults.length;
  const document = readDocument(file, options);
  const where = whereOf(document) ?? { file, line: 1, column: 1 };
  if (document === null) {
    const isUnread = findings.faults.length > before;
    if (!isUnread) findings.fault('playbook-invalid', `Empty playbook, nothing to do: ${file}`, { where });
  } else if (!isList(document)) {
    const hint = 'begin with a dash:  - hosts: all';
    findings.fault('playbook-invalid', 'A playbook must be a list of plays', { where, hint });
  } else if (document.length === 0) {
    findings.fault('playbook-invalid', `A playbook must contain at least one play: ${file}`, { where });
  } else {
    checkShape(document, 'playbook', findings);
    return document.filter(isDict).flatMap((entry) => {
      if (!isImport(entry)) return readPlay(entry, file, options) ?? [];
      return importPlaybook(entry, file, options, importing, readPlaybook);
    });
  }
  return [];
}
