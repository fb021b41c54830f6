import { join } from 'node:path';

/** Where a user's own modules are, beside the playbook. */
export function moduleDirectories(playbookDirectory: string): readonly string[] {
  return [join(playbookDirectory, 'modules'), join(playbookDirectory, 'library')];
}
