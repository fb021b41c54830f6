/** JSON or YAML, as Ansible reads data: what is JSON is read as such, for YAML has other escapes. */

import { Findings } from '../fault.ts';
import { readJson } from '../value/json.ts';
import { inherit } from '../value/source.ts';
import { isDict, isList, type Value } from '../value/value.ts';
import { readYaml } from '../value/yaml.ts';

/** The documents of a text; undefined when it is neither, which is among the findings. */
export function readData(text: string, file: string, findings: Findings): readonly Value[] | undefined {
  const json = /^\s*[{[]/.test(text) ? jsonOf(text, file) : undefined;
  if (json !== undefined) return [json];
  const before = findings.faults.length;
  const { documents } = readYaml(text, file, findings);
  return findings.faults.length > before ? undefined : documents;
}

/** Undefined for what is no JSON. The members of a mapping have their places when YAML can read it too. */
function jsonOf(text: string, file: string): Value | undefined {
  try {
    const value = readJson(text);
    const [placed] = readYaml(text, file, new Findings()).documents;
    return (isDict(value) && isDict(placed)) || (isList(value) && isList(placed)) ? inherit(value, placed) : value;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
