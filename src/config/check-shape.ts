/** The shape of playbake.yml, checked by Ajv against schemas/config.json: every error becomes a fault with its place. */

import type { ErrorObject } from 'ajv';
import type { Findings, Where } from '../fault.ts';
import { near } from '../value/near.ts';
import { annotationsOf } from '../value/schema-annotations.ts';
import { whereOf } from '../value/source.ts';
import { isDict, isList, toPlain, type Value } from '../value/value.ts';
import { validator } from './shape-validators.ts';

/** What is wrong goes to the findings, each error once. */
export function checkShape(document: Value, file: string, findings: Findings): void {
  const validate = validator('config');
  if (validate(toPlain(document))) return;
  for (const error of validate.errors ?? []) report(error, document, file, findings);
}

/** Only schemas with a title or a description speak: the branches of an `anyOf` have neither. */
function report(error: ErrorObject, document: Value, file: string, findings: Findings): void {
  const { title, description, properties } = annotationsOf(error.parentSchema);
  const place = placeOf(document, error.instancePath, { file });
  if (error.keyword === 'additionalProperties') {
    const name = String(error.params['additionalProperty']);
    const [likely] = near(name, properties);
    findings.fault('config-invalid', `${title ?? 'playbake.yml'} has no key "${name}"`, {
      where: whereOf(place.value, keyNamed(place.value, name), 'key') ?? place.where,
      hint: likely === undefined ? `its keys are ${properties.join(', ')}` : `did you mean ${likely}?`,
    });
  } else if (error.keyword === 'required') {
    const name = String(error.params['missingProperty']);
    findings.fault('config-invalid', `${place.path} needs ${name}`, { where: place.where });
  } else if (error.propertyName !== undefined && description !== undefined) {
    findings.fault('config-invalid', `"${error.propertyName}" must be ${description}`, {
      where: whereOf(place.value, keyNamed(place.value, error.propertyName), 'key'),
    });
  } else if (description !== undefined && error.keyword !== 'if' && error.keyword !== 'propertyNames') {
    const message = `${place.path} must be ${description}; it is ${shown(place.value)}`;
    findings.fault('config-invalid', message, { where: place.where });
  }
}

interface Place {
  readonly value: Value;
  readonly where: Where | undefined;
  /** `images.app.base`. */
  readonly path: string;
}

/** Follows a JSON pointer into a document. */
function placeOf(document: Value, pointer: string, start: Where): Place {
  let place: Place = { value: document, where: whereOf(document) ?? start, path: '' };
  for (const token of pointer.split('/').slice(1)) {
    const holder = place.value;
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
    const key = isList(holder) ? Number(name) : keyNamed(holder, name);
    const value = isList(holder) ? holder[Number(name)] : isDict(holder) && key !== undefined && holder.get(key);
    const path = place.path === '' ? name : `${place.path}.${name}`;
    place = { value: value ?? null, where: whereOf(holder, key) ?? place.where, path };
  }
  return place.path === '' ? { ...place, path: 'playbake.yml' } : place;
}

function keyNamed(map: Value, name: string): Value | undefined {
  if (!isDict(map)) return undefined;
  return map.has(name) ? name : [...map.keys()].find((key) => String(key) === name);
}

function shown(value: Value): string {
  if (isDict(value)) return 'a mapping';
  if (isList(value)) return 'a list';
  if (value === null) return 'nothing';
  const text = JSON.stringify(toPlain(value));
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
