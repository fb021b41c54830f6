/** The shape of a file, checked by Ajv against schemas/playbook.json: every error becomes a fault with its place. */

import type { ErrorObject } from 'ajv';
import type { Findings, Where } from '../fault.ts';
import { annotationsOf } from '../value/schema-annotations.ts';
import { whereOf } from '../value/source.ts';
import { type Dict, isDict, isList, type Plain, toPlain, type Value } from '../value/value.ts';
import { type Shape, validator } from './shape-validators.ts';
import { unknownKeyword } from './unknown-keyword.ts';

export type { Shape } from './shape-validators.ts';

/** @param document what a file holds; what is wrong with it goes to the findings, each error once. */
export function checkShape(document: Value, shape: Shape, findings: Findings): void {
  const validate = validator(shape);
  if (validate(toPlain(document))) return;
  for (const error of validate.errors ?? []) report(error, document, findings);
}

/** Where an error stands: the value itself, what holds it, and under which key. */
interface Place {
  readonly value: Value;
  readonly holder: Value;
  readonly key: Value | undefined;
  readonly where: Where | undefined;
}

/** Only schemas with a title or a description speak: the branches of an `anyOf` have neither. */
function report(error: ErrorObject, document: Value, findings: Findings): void {
  const { keyword, params } = error;
  const { title, description, properties } = annotationsOf(error.parentSchema);
  const place = placeOf(document, error.instancePath);
  if (keyword === 'unsupported') {
    findings.fault('keyword-unsupported', `playbake does not support ${String(place.key)}`, {
      where: whereOf(place.holder, place.key, 'key'),
      hint: String(error.schema),
    });
  } else if (keyword === 'additionalProperties' && title !== undefined && isDict(place.value)) {
    unexpected(place.value, String(params['additionalProperty']), title, properties, findings);
  } else if (keyword === 'required' && title !== undefined) {
    missing(place, title, findings);
  } else if (error.propertyName !== undefined && description !== undefined) {
    const key = keyNamed(place.value, error.propertyName);
    findings.fault('value-invalid', `Invalid variable name: '${error.propertyName}' is not a valid variable name`, {
      where: whereOf(place.value, key, 'key'),
      hint: `it must be ${description}`,
    });
  } else if (description !== undefined && keyword !== 'if' && keyword !== 'propertyNames') {
    invalid(place, description, title, findings);
  }
}

function unexpected(map: Dict, name: string, owner: string, known: readonly string[], findings: Findings): void {
  const key = keyNamed(map, name);
  if (owner !== 'vars_prompt') {
    unknownKeyword(map, key ?? name, owner, known, findings);
    return;
  }
  findings.fault('value-invalid', `Invalid vars_prompt data structure, found unsupported key '${name}'`, {
    where: whereOf(map, key, 'key'),
  });
}

function missing({ value, where }: Place, owner: string, findings: Findings): void {
  if (owner === 'vars_prompt') {
    findings.fault('value-invalid', "Invalid vars_prompt data structure, missing 'name' key", { where });
  } else if (!(isDict(value) && value.has('include'))) {
    findings.fault('playbook-invalid', "the field 'hosts' is required but was not set", {
      where,
      hint: 'name a group or a host, such as  hosts: all; tasks stand under tasks: of a play',
    });
  }
}

function invalid(place: Place, wanted: string, owner: string | undefined, findings: Findings): void {
  const { key, value, where } = place;
  if (owner === 'RoleInclude' && isDict(value)) {
    const hint = 'write  - role: NAME';
    findings.fault('playbook-invalid', 'role definitions must contain a role name', { where, hint });
  } else if (key === 'hosts' && isEmpty(value)) {
    const hint = 'name a group or a host, such as  hosts: all';
    findings.fault('value-invalid', 'Hosts list cannot be empty. Please check your playbook', { where, hint });
  } else if (typeof key === 'string') {
    findings.fault('value-invalid', `the field '${key}' has an invalid value (${shown(value)}): it must be ${wanted}`, {
      where,
    });
  } else {
    findings.fault('playbook-invalid', `this must be ${wanted}, not ${shown(value)}`, { where });
  }
}

function isEmpty(value: Value): boolean {
  return value === null || value === '' || (isList(value) && value.length === 0);
}

function shown(value: Value): string {
  if (isDict(value)) return 'a mapping';
  if (isList(value)) return 'a list';
  const text = value === null ? 'nothing' : String(toPlain(value));
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** Follows a JSON pointer into a document; its keys are the texts that `toPlain` made of them. */
function placeOf(document: Value, pointer: string): Place {
  let place: Place = { value: document, holder: null, key: undefined, where: whereOf(document) };
  for (const token of pointer.split('/').slice(1)) {
    const holder = place.value;
    const key = isList(holder) ? Number(token) : keyNamed(holder, token.replaceAll('~1', '/').replaceAll('~0', '~'));
    const value = isList(holder) ? holder[Number(token)] : isDict(holder) && key !== undefined && holder.get(key);
    place = { value: value ?? null, holder, key, where: whereOf(holder, key) };
  }
  return place;
}

function keyNamed(map: Value, name: string): Value | undefined {
  if (!isDict(map)) return undefined;
  return map.has(name) ? name : [...map.keys()].find((key) => plainKey(key) === name);
}

function plainKey(key: Value): string | undefined {
  const plain: Plain = toPlain(new Map([[key, null]]));
  return typeof plain === 'object' && plain !== null ? Object.keys(plain)[0] : undefined;
}
