/** Files of variables: YAML or JSON that holds one mapping. */

import { readFileSync } from 'node:fs';
import type { Findings } from '../fault.ts';
import { whereOf } from '../value/source.ts';
import { type Dict, isDict } from '../value/value.ts';
import { readYaml } from '../value/yaml.ts';

/** Empty for an empty file; what is wrong goes to the findings. */
export function readVarsFile(path: string, findings: Findings): Dict {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const reason =
      error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'it is not there' : String(error);
    findings.fault('file-unreadable', `cannot read the variables file ${path}: ${reason}`, { cause: error });
    return new Map();
  }
  if (text.startsWith('$ANSIBLE_VAULT;')) {
    findings.fault('vars-invalid', `${path} is encrypted with ansible-vault, which playbake cannot decrypt yet`, {
      where: { file: path, line: 1, column: 1 },
      hint: 'give the variables in the clear from outside the repository: -e @FILE',
    });
    return new Map();
  }
  const value = readYaml(text, path, findings).documents[0] ?? null;
  if (value === null) return new Map();
  if (isDict(value)) return value;
  findings.fault('vars-invalid', `${path} must hold a mapping of variables`, {
    where: whereOf(value) ?? { file: path, line: 1, column: 1 },
  });
  return new Map();
}
