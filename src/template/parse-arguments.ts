import type { Argument } from './ast.ts';
import { parseExpression } from './parse-expression.ts';
import type { TokenReader } from './token-reader.ts';

/** `(1, *more, name=2, **others)`. */
export function parseArguments(reader: TokenReader): readonly Argument[] {
  reader.operator('(');
  const list: Argument[] = [];
  while (!reader.isOperator(')')) {
    if (list.length > 0) reader.operator(',');
    if (reader.isOperator(')')) break;
    list.push(parseArgument(reader, list));
  }
  reader.operator(')');
  return list;
}

function parseArgument(reader: TokenReader, before: readonly Argument[]): Argument {
  if (reader.skipOperator('**')) return { value: parseExpression(reader), spread: 'dict' };
  if (reader.skipOperator('*')) return { value: parseExpression(reader), spread: 'list' };
  const after = reader.next;
  if (reader.current.type === 'name' && after?.type === 'operator' && after.value === '=') {
    const name = reader.name();
    reader.operator('=');
    return { value: parseExpression(reader), name };
  }
  if (before.some(({ name }) => name !== undefined)) reader.fail('invalid syntax for function call expression');
  return { value: parseExpression(reader) };
}

/** `name` or `collection.name.space`. */
export function parseDottedName(reader: TokenReader): string {
  let name = reader.name();
  while (reader.skipOperator('.')) name += `.${reader.name()}`;
  return name;
}
