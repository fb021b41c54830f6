/** Ajv's function for schemas/config.json. The bundle has it compiled beforehand: build.js writes this file's place. */

import type { Ajv, Options, ValidateFunction } from 'ajv';
import schema from '../../schemas/config.json' with { type: 'json' };
import { compiledShape, shapeCompiler } from '../value/shape-compiler.ts';

export const SHAPES = ['config'] as const;
export type Shape = (typeof SHAPES)[number];

export function makeCompiler(code?: Options['code']): Ajv {
  return shapeCompiler(code).addSchema(schema, 'config');
}

/** Where the schema of a shape is. */
export function referenceOf(shape: Shape): string {
  return shape;
}

let compiler: Ajv | undefined;

export function validator(shape: Shape): ValidateFunction {
  compiler ??= makeCompiler();
  return compiledShape(compiler, referenceOf(shape));
}
