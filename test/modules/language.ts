/** The expression language as module cases need it. */

import type { Plain, Value } from '../../src/module/module.ts';
import type { Dict } from '../../src/value/value.ts';

export interface Language {
  render(value: Value, vars: Dict): Value;
  condition(expression: Value, vars: Dict): boolean;
  evaluate(expression: string, vars: Dict): Value;
  file(text: string, path: string, vars: Dict, options: { readonly [name: string]: Plain }): string;
}

const notYet = (): never => {
  throw new Error('this case needs the expression language');
};

export const language: Language = { render: notYet, condition: notYet, evaluate: notYet, file: notYet };
