/** Ajv's function for schemas/inventory.json. The bundle has it compiled beforehand: build.js writes this file's place. */

import schema from '../../schemas/inventory.json' with { type: 'json' };
import { shapesOf } from '../value/shape-compiler.ts';

export const SHAPES = ['inventory'] as const;
export type Shape = (typeof SHAPES)[number];

export const { makeCompiler, referenceOf, validator } = shapesOf<Shape>(schema, 'inventory', {
  inventory: 'inventory',
});
