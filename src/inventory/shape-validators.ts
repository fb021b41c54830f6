/** Ajv's function for schemas/inventory.json. The bundle has it compiled beforehand: build.js writes this file's place. */

import { Ajv, type Options, type ValidateFunction } from 'ajv';
import schema from '../../schemas/inventory.json' with { type: 'json' };

export const SHAPES = ['inventory'] as const;
export type Shape = (typeof SHAPES)[number];

/** @param code how the function is written; default: quickly. A test looks at the schema itself. */
export function makeCompiler(code: Options['code'] = { optimize: false }): Ajv {
  return new Ajv({
    allErrors: true,
    verbose: true,
    meta: false,
    validateSchema: false,
    strict: false,
    inlineRefs: false,
    code,
  }).addSchema(schema, 'inventory');
}

/** Where the schema of a shape is. */
export function referenceOf(shape: Shape): string {
  return shape;
}

let compiler: Ajv | undefined;

export function validator(shape: Shape): ValidateFunction {
  compiler ??= makeCompiler();
  const found = compiler.getSchema(referenceOf(shape));
  if (!found) throw new Error(`schemas/inventory.json does not define ${shape}`);
  return found;
}
