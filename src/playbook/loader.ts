/** What the parts of loading share. */

import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Fault, type Findings } from '../fault.ts';
import { type Dict, isList, type Value } from '../value/value.ts';
import { readYaml } from '../value/yaml.ts';
import type { RoleUse } from './types.ts';

export interface LoadOptions {
  readonly findings: Findings;
  readonly extraVars: Dict;
  /** Where roles are looked for besides `roles/` beside the playbook and the usual directories. */
  readonly rolesPath?: readonly string[];
  /** Files that were read before: a role that many plays use is parsed once. */
  readonly documents?: Map<string, Value>;
}

/** Where a list of tasks stands. */
export interface TaskContext extends LoadOptions {
  readonly playbookDirectory: string;
  readonly role: RoleUse | undefined;
  /** Directory of the file that is read. */
  readonly directory: string;
  readonly handlers?: boolean;
  /** What names of imports may hold besides extra variables and the role's: variables of the play, nearest first. */
  readonly vars?: () => readonly Dict[];
  /** Collections whose roles and modules need no prefix. */
  readonly collections?: readonly string[];
  /** Files and roles that are being imported, outermost first: one that imports itself is a fault. */
  readonly importing?: readonly string[];
}

/** What a file's only document holds; null when it is empty. What is wrong in it goes to the findings. */
export function readDocument(file: string, { findings, documents }: LoadOptions): Value {
  const known = documents?.get(file);
  if (known !== undefined) return known;
  const document = parse(file, readText(file), findings);
  documents?.set(file, document);
  return document;
}

function parse(file: string, text: string, findings: Findings): Value {
  if (text.startsWith('$ANSIBLE_VAULT;')) {
    throw new Fault('file-unreadable', `${file} is encrypted with ansible-vault, which playbake cannot decrypt yet`, {
      where: { file, line: 1, column: 1, text },
    });
  }
  const { source, documents } = readYaml(text, file, findings);
  if (documents.length > 1) {
    const marker = /\n---/.exec(text.replace(/^(?:\s*(?:#[^\n]*)?\n)*---/, (start) => ' '.repeat(start.length)));
    findings.fault('yaml-syntax', 'expected a single document in the stream, but found another document', {
      where: source.at(marker ? marker.index + 1 : 0),
      hint: 'make one list of all plays, or two files',
    });
  }
  return documents[0] ?? null;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Fault('file-unreadable', `cannot read ${file}: ${reason}`);
  }
}

/** The context of what stands in a mapping that may name `collections`. */
export function inCollections(context: TaskContext, map: Dict): TaskContext {
  const named = map.get('collections') ?? [];
  const collections = [...(isList(named) ? named : [named]).map(String), ...(context.collections ?? [])];
  return collections.length === 0 ? context : { ...context, collections };
}

export function inFile(context: TaskContext, file: string): TaskContext {
  return { ...context, directory: dirname(file) };
}
