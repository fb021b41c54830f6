/** Where a task's files are looked for on the control machine, as Ansible does. */

import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { Fault, type Where } from '../fault.ts';

/** Absolute path of a file; `onLook` is told each place that is looked at. Throws `file-missing` with every place that was tried. */
export function findFile(
  name: string,
  kind: 'files' | 'templates' | 'vars' | 'tasks',
  searchPath: readonly string[],
  where: Where | undefined,
  onLook?: (path: string) => void,
): string {
  const expanded = name.startsWith('~/') ? join(homedir(), name.slice(2)) : name;
  const tried = isAbsolute(expanded)
    ? [expanded]
    : searchPath.flatMap((directory) => [join(directory, kind, expanded), join(directory, expanded)]);
  const found = tried.find((path) => {
    onLook?.(path);
    return existsSync(path);
  });
  if (found) return found.endsWith('/') || !expanded.endsWith('/') ? found : `${found}/`;
  throw new Fault('file-missing', `Could not find or access '${name}'\nSearched in:\n\t${tried.join('\n\t')}`, {
    where,
    hint: `put the file into ${kind}/ beside the playbook or in the role`,
  });
}
