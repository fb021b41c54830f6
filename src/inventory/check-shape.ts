/** The shape of a YAML inventory, checked by Ajv against schemas/inventory.json. */

import type { ErrorObject } from 'ajv';
import type { Findings } from '../fault.ts';
import { whereOf } from '../value/source.ts';
import { isDict, isList, toPlain, type Value } from '../value/value.ts';
import { validator } from './shape-validators.ts';

/** False when something is wrong, which is among the findings; a key that groups do not have is a warning. */
export function checkShape(document: Value, findings: Findings): boolean {
  const validate = validator('inventory');
  if (validate(toPlain(document))) return true;
  const before = findings.faults.length;
  for (const error of validate.errors ?? []) report(error, document, findings);
  return findings.faults.length === before;
}

/** Only schemas with a description speak: the branches of an `anyOf` have none. */
function report(
  { keyword, params, instancePath, parentSchema }: ErrorObject,
  document: Value,
  findings: Findings,
): void {
  const { holder, key, value } = placeOf(document, instancePath);
  const description: unknown = parentSchema?.['description'];
  if (keyword === 'additionalProperties') {
    const name = String(params['additionalProperty']);
    const message = `Skipping unexpected key (${name}) in group (${key}), only "vars", "children" and "hosts" are valid`;
    const unknown = isDict(value) ? [...value.keys()].find((one) => String(one) === name) : undefined;
    findings.warn('inventory-invalid', message, { where: whereOf(value, unknown, 'key') });
  } else if (typeof description === 'string') {
    const where = key === undefined ? whereOf(value) : whereOf(holder, key);
    const owner = key === undefined ? 'a YAML inventory' : `'${key}'`;
    findings.fault('inventory-invalid', `${owner} must be ${description}${isList(value) ? ', not a list' : ''}`, {
      where,
      hint: key === 'hosts' || key === 'children' ? 'write each name as a key:  web1:' : undefined,
    });
  }
}

/** The value at a JSON pointer, what holds it and under which key. */
function placeOf(document: Value, pointer: string): { holder: Value; key: string | undefined; value: Value } {
  let place: { holder: Value; key: string | undefined; value: Value } = {
    holder: null,
    key: undefined,
    value: document,
  };
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const holder = place.value;
    const key = isDict(holder) ? [...holder.keys()].find((one) => String(one) === name) : undefined;
    place = { holder, key: name, value: isDict(holder) && key !== undefined ? (holder.get(key) ?? null) : null };
  }
  return place;
}
