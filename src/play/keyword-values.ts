/** What keywords must be once their templates are filled in. */

import { Fault, type Where } from '../fault.ts';
import { toPlain, type Value } from '../value/value.ts';
import { asBoolean } from './boolean.ts';

const FALSE = new Set(['n', 'no', 'off', '0', 'false', 'f', '0.0', '']);

/** Throws `value-invalid` for what is no boolean: taken for false, a misspelt `become` would go unnoticed. */
export function booleanKeyword(name: string, value: Value, where: Where | undefined): boolean {
  if (asBoolean(value)) return true;
  if (value === null || value === false || FALSE.has(String(toPlain(value)).toLowerCase().trim())) return false;
  throw invalid(name, value, 'bool', where);
}

/** Throws `value-invalid` for what is no number. */
export function numberKeyword(name: string, value: Value, where: Where | undefined): number {
  const plain = toPlain(value);
  const number = typeof plain === 'string' && plain.trim() !== '' ? Number(plain) : plain;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw invalid(name, value, 'number', where);
}

function invalid(name: string, value: Value, type: string, where: Where | undefined): Fault {
  const shown = JSON.stringify(toPlain(value));
  const message = `the field '${name}' has an invalid value (${shown}), and could not be converted to a ${type}`;
  return new Fault('value-invalid', message, { where });
}
