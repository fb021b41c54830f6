/** A file of variables on the control machine: YAML or JSON. */

import { readFile } from 'node:fs/promises';
import { Fault, Findings } from '../fault.ts';
import { type Dict, isDict } from '../value/value.ts';

/** Empty for an empty file. Throws Faults: `file-unreadable`, `yaml-…`, `vars-invalid`. */
export async function readVariables(file: string): Promise<Dict> {
  const { parseYaml } = await import('../value/yaml.ts');
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Fault('file-unreadable', `${file} cannot be read`, { where: { file }, cause });
  });
  if (text.startsWith('$ANSIBLE_VAULT;')) {
    throw new Fault('vars-invalid', `${file} is encrypted by ansible-vault, which is not supported here yet`, {
      where: { file, line: 1 },
    });
  }
  const findings = new Findings();
  const value = parseYaml(text, file, findings);
  findings.check();
  if (value === null) return new Map();
  if (isDict(value)) return value;
  throw new Fault('vars-invalid', `${file} must be stored as a dictionary/hash`, { where: { file, line: 1 } });
}
