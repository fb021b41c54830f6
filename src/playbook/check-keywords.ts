/** Keywords and their values as they are read: unknown, unsupported, removed, of the wrong type. */

import type { Findings, Where } from '../fault.ts';
import { isTemplate } from '../template/templar.ts';
import { near } from '../value/near.ts';
import { whereOf } from '../value/source.ts';
import { type Dict, Float, isDict, isList, toPlain, type Value } from '../value/value.ts';
import { type KeywordType, keywordTypes, type Level, LOOP_CONTROL, REMOVED, UNSUPPORTED } from './keywords.ts';

/** One keyword that is not of its level: says what it is, and what it may have been meant to be. */
export function unknownKeyword(map: Dict, key: Value, level: Level, findings: Findings): void {
  const name = String(key);
  const where = whereOf(map, key, 'key');
  const replaced = REMOVED[name];
  if (replaced !== undefined) {
    findings.fault('keyword-unknown', `'${name}' is no longer a keyword`, { where, hint: `use ${replaced}` });
    return;
  }
  const meant = near(name, Object.keys(keywordTypes(level)));
  findings.fault('keyword-unknown', `'${name}' is not a valid attribute for a ${shown(level)}`, {
    where,
    hint: meant.length > 0 ? `did you mean ${meant.map((one) => `"${one}"`).join(' or ')}?` : undefined,
  });
}

function shown(level: Level): string {
  return { play: 'Play', block: 'Block', task: 'Task', handler: 'Handler', role: 'RoleInclude' }[level];
}

/** The values of the keywords in `map` that belong to `level`. */
export function checkValues(map: Dict, level: Level, findings: Findings): void {
  const types = keywordTypes(level);
  for (const [key, value] of map) {
    const name = String(key);
    const instead = UNSUPPORTED[name];
    if (instead !== undefined) {
      findings.fault('keyword-unsupported', `playbake does not support ${name}`, {
        where: whereOf(map, key, 'key'),
        hint: instead,
      });
    }
    const type = types[name];
    if (type !== undefined) checkValue(name, type, value, whereOf(map, key), findings);
  }
  const control = map.get('loop_control');
  if (isDict(control)) checkLoopControl(control, findings);
}

function checkLoopControl(control: Dict, findings: Findings): void {
  for (const key of control.keys()) {
    if (LOOP_CONTROL.has(String(key))) continue;
    const meant = near(String(key), [...LOOP_CONTROL]);
    findings.fault('keyword-unknown', `'${String(key)}' is not a valid attribute for a LoopControl`, {
      where: whereOf(control, key, 'key'),
      hint: meant.length > 0 ? `did you mean "${meant[0]}"?` : undefined,
    });
  }
}

function checkValue(name: string, type: KeywordType, value: Value, where: Where | undefined, findings: Findings): void {
  if (value === null || (typeof value === 'string' && isTemplate(value))) return;
  const wanted = mismatch(type, value);
  if (wanted === undefined) return;
  findings.fault(
    'value-invalid',
    `the field '${name}' has an invalid value (${JSON.stringify(toPlain(value))}): it must be ${wanted}`,
    {
      where,
    },
  );
}

const BOOLEANS = /^(?:y|yes|on|1|true|t|n|no|off|0|false|f)$/i;

/** What the value should be, where it is not. */
function mismatch(type: KeywordType, value: Value): string | undefined {
  const isNumber = typeof value === 'number' || typeof value === 'bigint' || value instanceof Float;
  const isScalar = typeof value === 'string' || typeof value === 'boolean' || isNumber;
  switch (type) {
    case 'boolean':
      if (typeof value === 'boolean' || value === 0 || value === 1) return undefined;
      return typeof value === 'string' && BOOLEANS.test(value) ? undefined : 'a boolean (true or false)';
    case 'int':
      if (Number.isInteger(value)) return undefined;
      return typeof value === 'string' && /^-?\d+$/.test(value.trim()) ? undefined : 'a whole number';
    case 'number':
      if (isNumber) return undefined;
      return typeof value === 'string' && /^-?\d+(\.\d+)?%?$/.test(value.trim()) ? undefined : 'a number';
    case 'text':
      return isScalar ? undefined : 'text';
    case 'list':
      return isList(value) ? undefined : 'a list';
    case 'names':
      return isScalar || (isList(value) && value.flat().every((item) => !isDict(item)))
        ? undefined
        : 'text or a list of texts';
    case 'dict':
      return isDict(value) ? undefined : 'a mapping';
    case 'condition':
      return isDict(value) ? 'an expression or a list of expressions' : undefined;
    case 'any':
      return undefined;
  }
}
