/** `-e`: `k=v k2=v2` (values stay text), JSON or YAML, or `@file`. */

import { resolve } from 'node:path';
import { Fault, type Findings } from '../fault.ts';
import { keyValue } from '../value/key-value.ts';
import { splitArguments } from '../value/split-arguments.ts';
import { type Dict, isDict, type Value } from '../value/value.ts';
import { mergeVars } from './merge-vars.ts';
import { readData } from './read-data.ts';
import { readVarsFile } from './vars-file.ts';

const HINT = 'write -e key=value, -e \'{"key": "value"}\' or -e @file.yml';

export interface ExtraVarsOptions {
  readonly workingDirectory: string;
  readonly findings: Findings;
}

/** Later ones win. What is wrong goes to the findings. */
export function parseExtraVars(texts: readonly string[], options: ExtraVarsOptions): Dict {
  return mergeVars(texts.map((text) => parseOne(text, options)));
}

function parseOne(text: string, { workingDirectory, findings }: ExtraVarsOptions): Dict {
  if (text.startsWith('@')) return readVarsFile(resolve(workingDirectory, text.slice(1)), findings);
  if (/^[{[]/.test(text)) return parseMapping(text, findings);
  if (/^[/.]/.test(text)) {
    const hint = `write -e @${text}`;
    findings.fault('vars-invalid', `Please prepend extra_vars filename '${text}' with '@'`, { hint });
    return new Map();
  }
  return parseWords(text, findings);
}

function parseMapping(text: string, findings: Findings): Dict {
  const documents = readData(text, '-e', findings);
  const [value = null] = documents ?? [];
  if (isDict(value)) return value;
  if (documents) findings.fault('vars-invalid', `-e ${text}: extra variables must be a mapping`, { hint: HINT });
  return new Map();
}

function parseWords(text: string, findings: Findings): Dict {
  const vars = new Map<Value, Value>();
  try {
    for (const word of splitArguments(text)) {
      const pair = keyValue(word);
      if (pair) vars.set(...pair);
      else findings.fault('vars-invalid', `-e ${text}: "${word.trim()}" is no key=value`, { hint: HINT });
    }
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    findings.fault('vars-invalid', `-e ${text}: ${error.message}`, { hint: HINT, cause: error });
  }
  return vars;
}
