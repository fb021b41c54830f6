/** The expression language over a case's variables. */

import type { Plain, Value } from '../../src/module/module.ts';
import { layer, Scope, Templar } from '../../src/template/templar.ts';
import type { Dict } from '../../src/value/value.ts';

export interface Language {
  render(value: Value, vars: Dict): Value;
  condition(expression: Value, vars: Dict): boolean;
  evaluate(expression: string, vars: Dict): Value;
  file(text: string, path: string, vars: Dict, options: { readonly [name: string]: Plain }): string;
}

const templar = new Templar();
const scope = (vars: Dict) => new Scope(templar, [layer(vars)]);

export const language: Language = {
  render: (value, vars) => templar.render(value, scope(vars)),
  condition: (expression, vars) => templar.condition(expression, scope(vars)),
  evaluate: (expression, vars) => templar.evaluate(expression, scope(vars)),
  file: (text, path, vars, options) => templar.file(text, path, scope(vars), options),
};
