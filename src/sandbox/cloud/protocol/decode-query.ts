/** Requests of the EC2 and AWS query protocols, made into the SDK's own input objects. */

import { NormalizedSchema } from '@smithy/core/schema';
import { ApiError, missingParameter } from './api-error.ts';
import { itemsOf, type QueryTree, queryTree } from './query-tree.ts';
import type { Protocol, Shape } from './services.ts';
import { traitOf } from './trait.ts';

/** What stands beside the members of every request. */
const ENVELOPE = ['Action', 'Version'];

type Decoded =
  | string
  | number
  | boolean
  | Date
  | Uint8Array
  | readonly Decoded[]
  | { readonly [name: string]: Decoded };

/**
 * Throws the ApiErrors `UnknownParameter`, `InvalidParameterValue` and `MissingParameter`.
 * Source: the Smithy protocol specifications of awsQuery and ec2Query.
 */
export function decodeQuery(protocol: Protocol, shape: Shape, parameters: URLSearchParams): Decoded {
  const tree = queryTree(parameters);
  const children = new Map([...tree.children].filter(([name]) => !ENVELOPE.includes(name)));
  return structure(protocol, NormalizedSchema.of(shape), { value: undefined, children }, '');
}

function decode(protocol: Protocol, schema: NormalizedSchema, tree: QueryTree, path: string): Decoded {
  if (schema.isStructSchema()) return structure(protocol, schema, tree, path);
  if (schema.isListSchema()) return list(protocol, schema, tree, path);
  if (schema.isMapSchema())
    throw new ApiError('InvalidParameter', `The parameter ${path} is a map, which no action has`);
  return scalar(schema, tree.value ?? '', path);
}

function structure(protocol: Protocol, schema: NormalizedSchema, tree: QueryTree, path: string): Decoded {
  const members: Record<string, Decoded> = {};
  const known = new Set<string>();
  for (const [name, member] of schema.structIterator()) {
    const key = keyOf(protocol, name, member);
    known.add(key);
    const child = tree.children.get(key);
    if (child !== undefined) members[name] = decode(protocol, member, child, path === '' ? key : `${path}.${key}`);
  }
  for (const name of requiredOf(schema)) if (members[name] === undefined) throw missingParameter(name);
  const unknown = [...tree.children.keys()].find((key) => !known.has(key));
  if (unknown !== undefined) {
    const whole = path === '' ? unknown : `${path}.${unknown}`;
    throw new ApiError('UnknownParameter', `The parameter ${whole} is not recognized`);
  }
  return members;
}

function list(protocol: Protocol, schema: NormalizedSchema, tree: QueryTree, path: string): Decoded {
  const flat = protocol === 'ec2' || traitOf(schema, 'xmlFlattened') !== undefined;
  const holder = flat ? tree : (tree.children.get(traitOf(schema.getValueSchema(), 'xmlName') ?? 'member') ?? tree);
  return itemsOf(holder).map((item, index) => decode(protocol, schema.getValueSchema(), item, `${path}.${index + 1}`));
}

function keyOf(protocol: Protocol, name: string, member: NormalizedSchema): string {
  const xmlName = traitOf(member, 'xmlName');
  if (protocol === 'query') return xmlName ?? name;
  return traitOf(member, 'ec2QueryName') ?? capitalized(xmlName ?? name);
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function scalar(schema: NormalizedSchema, text: string, path: string): Decoded {
  const wrong = (kind: string) =>
    new ApiError('InvalidParameterValue', `Value (${text}) for parameter ${path} is invalid. It must be ${kind}.`);
  if (schema.isBooleanSchema()) {
    if (/^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true';
    throw wrong('true or false');
  }
  if (schema.isNumericSchema() || schema.isBigIntegerSchema()) {
    if (/^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text)) return Number(text);
    throw wrong('a number');
  }
  if (schema.isTimestampSchema()) {
    const date = new Date(/^\d+$/.test(text) ? Number(text) * 1000 : text);
    if (!Number.isNaN(date.getTime())) return date;
    throw wrong('a time');
  }
  if (schema.isBlobSchema()) return Buffer.from(text, 'base64');
  return text;
}

/** Static schemas put the members that must be there first, and their number last. */
function requiredOf(schema: NormalizedSchema): readonly string[] {
  const shape = schema.getSchema();
  const count = Array.isArray(shape) ? shape[6] : 0;
  return typeof count === 'number' ? [...schema.structIterator()].slice(0, count).map(([name]) => name) : [];
}
