/** Ajv's functions for schemas/playbook.json. The bundle has them compiled beforehand: build.js writes this file's place. */

import { Ajv, type Options, type ValidateFunction } from 'ajv';
import schema from '../../schemas/playbook.json' with { type: 'json' };

export const SHAPES = ['playbook', 'tasks', 'handlers', 'meta'] as const;
export type Shape = (typeof SHAPES)[number];

/** @param code how the functions are written; default: quickly. A test looks at the schema itself. */
export function makeCompiler(code: Options['code'] = { optimize: false }): Ajv {
  return new Ajv({
    allErrors: true,
    verbose: true,
    meta: false,
    validateSchema: false,
    strict: false,
    inlineRefs: false,
    code,
  })
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
  const found = compiler.getSchema(referenceOf(shape));
  if (!found) throw new Error(`schemas/playbook.json does not define ${shape}`);
  return found;
}
