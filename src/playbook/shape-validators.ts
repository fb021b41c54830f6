/** Ajv's functions for schemas/playbook.json. The bundle has them compiled beforehand: build.js writes this file's place. */

import type { Ajv, Options, ValidateFunction } from 'ajv';
import schema from '../../schemas/playbook.json' with { type: 'json' };
import { compiledShape, shapeCompiler } from '../value/shape-compiler.ts';

export const SHAPES = ['playbook', 'tasks', 'handlers', 'meta'] as const;
export type Shape = (typeof SHAPES)[number];

export function makeCompiler(code?: Options['code']): Ajv {
  return shapeCompiler(code)
    .addKeyword({
      keyword: 'unsupported',
      schemaType: 'string',
      error: { message: 'is not supported' },
      code: (context) => context.error(),
    })
    .addSchema(schema, 'playbook');
}

/** Where the schema of a shape is. */
export function referenceOf(shape: Shape): string {
  return shape === 'playbook' ? 'playbook' : `playbook#/definitions/${shape}`;
}

let compiler: Ajv | undefined;

export function validator(shape: Shape): ValidateFunction {
  compiler ??= makeCompiler();
  return compiledShape(compiler, referenceOf(shape));
}
