/** Ajv's function for schemas/state.json. The bundle has it compiled beforehand: build.js writes this file's place. */

import type { Ajv, Options, ValidateFunction } from 'ajv';
import schema from '../../../schemas/state.json' with { type: 'json' };
import { compiledShape, shapeCompiler } from '../../value/shape-compiler.ts';

export const SHAPES = ['state'] as const;
export type Shape = (typeof SHAPES)[number];

export function makeCompiler(code?: Options['code']): Ajv {
  return shapeCompiler(code).addSchema(schema, 'state');
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
