/** Ajv's functions for schemas/manifest.json. The bundle has them compiled beforehand: build.js writes this file's place. */

import schema from '../../../schemas/manifest.json' with { type: 'json' };
import { shapesOf } from '../../value/shape-compiler.ts';

export const SHAPES = ['manifest', 'record'] as const;
export type Shape = (typeof SHAPES)[number];

export const { makeCompiler, referenceOf, validator } = shapesOf<Shape>(schema, 'manifest', {
  manifest: 'manifest',
  record: 'manifest#/definitions/record',
});
