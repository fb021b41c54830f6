/** Ajv's function for schemas/config.json. The bundle has it compiled beforehand: build.js writes this file's place. */

import schema from '../../schemas/config.json' with { type: 'json' };
import { shapesOf } from '../value/shape-compiler.ts';

export const SHAPES = ['config'] as const;
export type Shape = (typeof SHAPES)[number];

export const { makeCompiler, referenceOf, validator } = shapesOf<Shape>(schema, 'config', { config: 'config' });
