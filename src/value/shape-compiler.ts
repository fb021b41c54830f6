/** Ajv as the shapes of files are checked with it. The bundle has their functions compiled beforehand, and no Ajv. */

import { Ajv, type AnySchemaObject, type Options, type ValidateFunction } from 'ajv';

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

export interface Shapes<Shape extends string> {
  /** Knows the schema. @param code how the functions are written */
  readonly makeCompiler: (code?: Options['code']) => Ajv;
  /** Where the schema of a shape is. */
  readonly referenceOf: (shape: Shape) => string;
  /** The function of a shape. The compiler is made when first asked for one. */
  readonly validator: (shape: Shape) => ValidateFunction;
}

/** The shapes of one schema, each with its reference. @param name by which references know the schema */
export function shapesOf<Shape extends string>(
  schema: AnySchemaObject,
  name: string,
  references: Readonly<Record<Shape, string>>,
): Shapes<Shape> {
  const makeCompiler = (code?: Options['code']) => shapeCompiler(code).addSchema(schema, name);
  const referenceOf = (shape: Shape) => references[shape];
  let compiler: Ajv | undefined;
  const validator = (shape: Shape) => {
    compiler ??= makeCompiler();
    return compiledShape(compiler, referenceOf(shape));
  };
  return { makeCompiler, referenceOf, validator };
}
