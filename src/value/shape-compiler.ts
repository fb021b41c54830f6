/** Ajv as the shapes of files are checked with it. The bundle has their functions compiled beforehand, and no Ajv. */

import { Ajv, type Options, type ValidateFunction } from 'ajv';

/** @param code how the functions are written; default: quickly. A test looks at the schemas themselves. */
export function shapeCompiler(code: Options['code'] = { optimize: false }): Ajv {
  return new Ajv({
    allErrors: true,
    verbose: true,
    meta: false,
    validateSchema: false,
    strict: false,
    inlineRefs: false,
    code,
  });
}

/** The function of a schema; compiled when first asked for. Throws where there is none of that name. */
export function compiledShape(compiler: Ajv, reference: string): ValidateFunction {
  const found = compiler.getSchema(reference);
  if (!found) throw new Error(`there is no schema ${reference}`);
  return found;
}
