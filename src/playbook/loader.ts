/** What the parts of loading share. */

import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Findings } from '../fault.ts';
import { Fault } from '../fault.ts';
import type { Dict, Value } from '../value/value.ts';
import { readYaml } from '../value/yaml.ts';
import type { RoleUse } from './types.ts';

export interface LoadOptions {
  readonly findings: Findings;
  readonly extraVars: Dict;
  /** Where roles are looked for besides `roles/` beside the playbook and the usual directories. */
  readonly rolesPath?: readonly string[];
}

/** Where a list of tasks stands. */
export interface TaskContext extends LoadOptions {
  readonly playbookDirectory: string;
  readonly role: RoleUse | undefined;
  /** Directory of the file that is read. */
  readonly directory: string;
  readonly handlers?: boolean;
  /** Variables that names of imports may use: the play's. */
  readonly vars?: Dict;
  /** Files being imported, outermost first: a file that imports itself is a fault. */
  readonly importing?: readonly string[];
}

/** What a file's only document holds; null when it is empty. Faults go to the findings. */
export function readDocument(file: string, findings: Findings): Value {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Fault(
      'file-unreadable',
      `cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (text.startsWith('$ANSIBLE_VAULT;')) {
    throw new Fault('file-unreadable', `${file} is encrypted with ansible-vault, which playbake cannot decrypt yet`, {
      where: { file, line: 1, column: 1, text },
    });
  }
  return readYaml(text, file, findings).documents[0] ?? null;
}

export function inFile(context: TaskContext, file: string): TaskContext {
  return { ...context, directory: dirname(file) };
}
