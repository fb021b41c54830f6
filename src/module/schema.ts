/** A module's argument table as a JSON Schema, for editors and for Ajv. */

import type { Plain } from '../value/value.ts';
import type { Arg } from './args.ts';
import type { Module } from './module.ts';

export type Schema = { readonly [key: string]: Plain };

/** Text with a template in it may become anything: it is judged when it is rendered. */
const TEMPLATE: Schema = { type: 'string', pattern: '\\{[{%]' };
const SCALAR: Plain = ['string', 'number', 'boolean'];

export function schemaOf(name: string, module: Module): Schema {
  const properties: { [key: string]: Plain } = {};
  for (const [main, arg] of Object.entries(module.args)) {
    if (main === module.rest) continue;
    for (const key of [main, ...(arg.alias ?? [])]) properties[key] = property(arg, key === main ? undefined : main);
  }
  if (module.freeForm) properties['_raw_params'] = property(module.args[module.freeForm]!, module.freeForm);
  const required = Object.entries(module.args).filter(([, arg]) => arg.required);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: name,
    description: module.doc,
    type: 'object',
    properties,
    additionalProperties: module.rest !== undefined,
    ...(required.length > 0 && { allOf: required.map(([main, arg]) => oneName(main, arg, module)) }),
    definitions: { template: TEMPLATE },
  };
}

function oneName(main: string, arg: Arg, module: Module): Schema {
  const names = [main, ...(arg.alias ?? []), ...(module.freeForm === main ? ['_raw_params'] : [])];
  return { anyOf: names.map((name) => ({ required: [name], properties: { [name]: { not: { type: 'null' } } } })) };
}

function property(arg: Arg, alias: string | undefined): Schema {
  const about = {
    description: alias === undefined ? arg.doc : `Another name of ${alias}.`,
    ...(alias === undefined && arg.default !== undefined && { default: arg.default }),
    ...(arg.secret && { writeOnly: true }),
  };
  const shape = shapeOf(arg);
  return Object.keys(shape).length === 0
    ? about
    : { ...about, anyOf: [shape, { $ref: '#/definitions/template' }, { type: 'null' }] };
}

function shapeOf(arg: Arg): Schema {
  switch (arg.type) {
    case 'string':
    case 'path':
      return { type: SCALAR };
    case 'mode':
      return {
        anyOf: [
          { type: 'integer', minimum: 0 },
          { type: 'string', pattern: MODE },
        ],
      };
    case 'boolean':
      return { anyOf: [{ type: 'boolean' }, { enum: [0, 1] }, { type: 'string', pattern: BOOLEAN }] };
    case 'int':
      return {
        anyOf: [{ type: ['integer', 'boolean'] }, { type: 'string', pattern: '^\\s*[-+]?\\d+(?:_\\d+)*\\s*$' }],
      };
    case 'float':
      return { anyOf: [{ type: ['number', 'boolean'] }, { type: 'string', pattern: FLOAT }] };
    case 'list':
      return { anyOf: [{ type: 'array', items: itemShape(arg.of) }, ...single(arg.of)] };
    case 'dict':
      return dictionary();
    case 'enum':
      return { enum: choices(arg.of) };
    case 'raw':
    case 'value':
      return {};
  }
}

const MODE = `^(?:preserve|(?:0o)?[0-7]{1,6}|${['', ','].map((before) => `${before}[ugoa]*(?:[-+=](?:[rwxXst]*|[ugo]))+`).join('(?:')})*)$`;
const BOOLEAN =
  '^\\s*(?:[yY]|[yY][eE][sS]|[oO][nN]|1|1\\.0|[tT]|[tT][rR][uU][eE]|[nN]|[nN][oO]|[oO][fF][fF]|0|0\\.0|[fF]|[fF][aA][lL][sS][eE])\\s*$';
const FLOAT = '^\\s*[-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?\\s*$';

const INTS = '^\\s*[-+]?\\d+(?:_\\d+)*\\s*(?:,\\s*[-+]?\\d+(?:_\\d+)*\\s*)*$';
const FIELD = `(?:"[^"]*"|'[^']*'|[^\\s,='"])*=(?:"[^"]*"|'[^']*'|[^\\s,'"])*`;
/** JSON, or fields such as `k1=v1, k2="v 2"`. */
const DICT = `^\\{|^\\s*${FIELD}(?:[\\s,]+${FIELD})*[\\s,]*$`;

function dictionary(): Schema {
  return { anyOf: [{ type: 'object' }, { type: 'string', pattern: DICT }] };
}

function itemShape(of: (Arg & { type: 'list' })['of']): Schema {
  if (of === 'raw') return {};
  const shape = of === 'dict' ? dictionary() : of === 'int' ? shapeOf({ type: 'int', doc: '' }) : { type: SCALAR };
  return { anyOf: [shape, { $ref: '#/definitions/template' }] };
}

/** What stands for a list of itself. */
function single(of: (Arg & { type: 'list' })['of']): readonly Schema[] {
  if (of === 'dict') return [{ type: 'string', pattern: DICT }];
  return of === 'int' ? [{ type: 'integer' }, { type: 'string', pattern: INTS }] : [{ type: SCALAR }];
}

/** Choices as YAML may read them: `yes` as true, `10` as a number. */
function choices(of: readonly string[]): Plain[] {
  const numbers = of.filter((each) => /^-?(?:0|[1-9]\d*)$/.test(each)).map(Number);
  const truths = [true, false].filter(
    (truth) => !of.includes(truth ? 'True' : 'False') && of.filter((each) => means(each) === truth).length === 1,
  );
  const words = truths.map((truth) => (truth ? 'True' : 'False'));
  return [...of, ...numbers, ...truths, ...words];
}

function means(word: string): boolean | undefined {
  if (['y', 'yes', 'on', '1', 'true', 't'].includes(word)) return true;
  return ['n', 'no', 'off', '0', 'false', 'f'].includes(word) ? false : undefined;
}
