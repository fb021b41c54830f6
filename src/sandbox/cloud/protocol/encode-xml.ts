/** The SDK's output objects, made into the XML answers of the EC2 and AWS query protocols. */

import { NormalizedSchema } from '@smithy/core/schema';
import type { ApiError } from './api-error.ts';
import type { Service, Shape } from './services.ts';
import { traitOf } from './trait.ts';

/** A whole answer. `result` has the shape `shape`. */
export function encodeAnswer(service: Service, action: string, shape: Shape, result: unknown, id: string): string {
  const schema = NormalizedSchema.of(shape);
  const members = schema.isStructSchema() ? structure(schema, result) : '';
  const body =
    service.protocol === 'ec2'
      ? `<requestId>${id}</requestId>${members}`
      : `<${action}Result>${members}</${action}Result><ResponseMetadata><RequestId>${id}</RequestId></ResponseMetadata>`;
  return `${HEAD}<${action}Response xmlns="${service.namespace}">${body}</${action}Response>\n`;
}

export function encodeError(service: Service, { code, message, status }: ApiError, id: string): string {
  const said = `<Code>${escaped(code)}</Code><Message>${escaped(message)}</Message>`;
  if (service.protocol === 'ec2') {
    return `${HEAD}<Response><Errors><Error>${said}</Error></Errors><RequestID>${id}</RequestID></Response>\n`;
  }
  const type = status < 500 ? 'Sender' : 'Receiver';
  const error = `<Error><Type>${type}</Type>${said}</Error><RequestId>${id}</RequestId>`;
  return `${HEAD}<ErrorResponse xmlns="${service.namespace}">${error}</ErrorResponse>\n`;
}

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';

function structure(schema: NormalizedSchema, value: unknown): string {
  if (typeof value !== 'object' || value === null) return '';
  const values = new Map(Object.entries(value));
  let text = '';
  for (const [name, member] of schema.structIterator()) {
    const inner = values.get(name);
    if (inner !== undefined && inner !== null) text += named(traitOf(member, 'xmlName') ?? name, member, inner);
    values.delete(name);
  }
  const unknown = [...values].find(([, inner]) => inner !== undefined)?.[0];
  // A misspelt member would be lost without a word.
  if (unknown !== undefined) throw new Error(`${schema.getName(true)} has no member ${unknown}`);
  return text;
}

function named(tag: string, schema: NormalizedSchema, value: unknown): string {
  if (schema.isListSchema() && Array.isArray(value)) {
    const item = schema.getValueSchema();
    if (traitOf(schema, 'xmlFlattened') !== undefined) return value.map((inner) => named(tag, item, inner)).join('');
    const itemTag = traitOf(item, 'xmlName') ?? 'member';
    return `<${tag}>${value.map((inner) => named(itemTag, item, inner)).join('')}</${tag}>`;
  }
  return `<${tag}>${schema.isStructSchema() ? structure(schema, value) : scalar(value)}</${tag}>`;
}

function scalar(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return escaped(String(value));
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign);
}
