/** `-e`: `k=v k2=v2` (values stay text), JSON or YAML, or `@file`. */

import { resolve } from 'node:path';
import type { Findings } from '../fault.ts';
import { type Dict, isDict, type Value } from '../value/value.ts';
import { readYaml } from '../value/yaml.ts';
import { shellWords } from './shell-words.ts';
import { readVarsFile } from './vars-file.ts';

const HINT = 'write -e key=value, -e \'{"key": "value"}\' or -e @file.yml';

export interface ExtraVarsOptions {
  readonly workingDirectory: string;
  readonly findings: Findings;
}

/** Later ones win. */
export function parseExtraVars(texts: readonly string[], options: ExtraVarsOptions): Dict {
  return new Map(texts.flatMap((text) => [...parseOne(text.trim(), options)]));
}

function parseOne(text: string, { workingDirectory, findings }: ExtraVarsOptions): Dict {
  if (text.startsWith('@')) return readVarsFile(resolve(workingDirectory, text.slice(1)), findings);
  if (/^[{[]/.test(text) || /^---/.test(text)) return parseMapping(text, findings);
  const vars = new Map<Value, Value>();
  const words = shellWords(text);
  for (const { text: word } of words ?? []) {
    const at = word.indexOf('=');
    if (at > 0) vars.set(word.slice(0, at), word.slice(at + 1));
    else findings.fault('vars-invalid', `-e ${text}: "${word}" is no key=value`, { hint: HINT });
  }
  if (!words) findings.fault('vars-invalid', `-e ${text}: a quote is not closed`, { hint: HINT });
  return vars;
}

function parseMapping(text: string, findings: Findings): Dict {
  const before = findings.faults.length;
  const value = readYaml(text, '-e', findings).documents[0] ?? null;
  if (isDict(value)) return value;
  if (findings.faults.length > before) return new Map();
  findings.fault('vars-invalid', `-e ${text}: extra variables must be a mapping`, { hint: HINT });
  return new Map();
}
