import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Where an entry of `vars_files` is looked for, in Ansible's order: in `vars/` beside the playbook, then beside it. */
export function varsFilePaths(name: string, directory: string): readonly string[] {
  const expanded = name.replace(/^~(?=\/)/, homedir());
  if (isAbsolute(expanded)) return [expanded];
  const beside = join(directory, expanded);
  return expanded.startsWith('vars/') ? [beside] : [join(directory, 'vars', expanded), beside];
}
