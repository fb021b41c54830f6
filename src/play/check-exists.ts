import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Fault } from '../fault.ts';

/** Throws `file-missing` for a playbook that is nowhere. */
export function checkExists(file: string): void {
  if (existsSync(file)) return;
  throw new Fault('file-missing', `the playbook: ${file} could not be found`, {
    hint: `it was looked for at ${resolve(file)}`,
  });
}
