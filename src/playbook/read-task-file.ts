/** A file of tasks or handlers as entries. */

import { whereOf } from '../value/source.ts';
import { isList } from '../value/value.ts';
import { readDocument, type TaskContext } from './loader.ts';
import { readEntries } from './read-entries.ts';
import { checkShape } from './shape.ts';
import type { Entry } from './types.ts';

/** @param file an absolute path. Throws `file-unreadable`; what is wrong in it goes to the findings. */
export function readTaskFile(file: string, context: TaskContext): readonly Entry[] {
  const document = readDocument(file, context);
  if (document === null) return [];
  if (!isList(document)) {
    context.findings.fault('playbook-invalid', 'included task files must contain a list of tasks', {
      where: whereOf(document) ?? { file, line: 1, column: 1 },
      hint: 'begin each task with a dash: - name: …',
    });
    return [];
  }
  checkShape(document, context.handlers ? 'handlers' : 'tasks', context.findings);
  return readEntries(document, context);
}
