/** Files of variables: YAML or JSON that holds one mapping. */

import { readFileSync } from 'node:fs';
import type { Findings } from '../fault.ts';
import { whereOf } from '../value/source.ts';
import { type Dict, isDict } from '../value/value.ts';
import { readData } from './read-data.ts';

/** Empty for an empty file; what is wrong goes to the findings. */
export function readVarsFile(path: string, findings: Findings): Dict {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const reason = isMissing(cause) ? 'it is not there' : String(cause);
    findings.fault('file-unreadable', `cannot read the variables file ${path}: ${reason}`, { cause });
    return new Map();
  }
  if (text.startsWith('$ANSIBLE_VAULT;')) {
    findings.fault('vars-invalid', `${path} is encrypted with ansible-vault, which playbake cannot decrypt yet`, {
      where: { file: path, line: 1, column: 1 },
      hint: 'give the variables in the clear from outside the repository: -e @FILE',
    });
    return new Map();
  }
  const documents = readData(text, path, findings);
  const [value = null] = documents ?? [];
  if (documents && documents.length > 1) {
    findings.fault('vars-invalid', `${path} must hold one document, not ${documents.length}`, {
      where: whereOf(documents[1]) ?? { file: path, line: 1, column: 1, text },
      hint: 'put all variables in one mapping, without --- in between',
    });
  } else if (value !== null && !isDict(value)) {
    findings.fault('vars-invalid', `${path} must hold a mapping of variables`, {
      where: whereOf(value) ?? { file: path, line: 1, column: 1, text },
      hint: 'write each variable as  name: value',
    });
  }
  return isDict(value) ? value : new Map();
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
