/** Ajv's function for schemas/state.json. The bundle has it compiled beforehand: build.js writes this file's place. */

import schema from '../../../schemas/state.json' with { type: 'json' };
import { shapesOf } from '../../value/shape-compiler.ts';

export const SHAPES = ['state'] as const;
export type Shape = (typeof SHAPES)[number];

export const { makeCompiler, referenceOf, validator } = shapesOf<Shape>(schema, 'state', { state: 'state' });
