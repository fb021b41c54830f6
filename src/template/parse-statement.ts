import type { Body, Expression, MacroNode, Statement, Target } from './ast.ts';
import { parseBlockFilter, parseExpression, parseTuple } from './parse-expression.ts';
import { isConstantName } from './parse-primary.ts';
import type { Parser } from './parser.ts';
import type { TokenReader } from './token-reader.ts';

type Parse = (parser: Parser, position: number) => Statement | readonly Statement[];

/** The statement whose tag is the current token. */
export function parseStatement(parser: Parser, position: number): readonly Statement[] {
  const at = parser.reader.position;
  const tag = parser.reader.name();
  const parse = STATEMENTS.get(tag) ?? parser.unknownTag(tag, at);
  const statements = parse(parser, position);
  return 'kind' in statements ? [statements] : statements;
}

/** For tags without a body: reads the end of the tag. */
function closed(parser: Parser, statement: Statement): Statement {
  parser.reader.expect('block-end');
  return statement;
}

const STATEMENTS: ReadonlyMap<string, Parse> = new Map<string, Parse>([
  ['if', parseIf],
  ['for', parseFor],
  ['set', parseSet],
  ['macro', parseMacro],
  ['call', parseCallBlock],
  ['filter', parseFilterBlock],
  ['with', parseWith],
  ['autoescape', parseAutoescape],
  ['include', parseInclude],
  ['import', parseImport],
  ['from', parseFromImport],
  ['extends', parseExtends],
  ['block', parseBlock],
  ['do', (parser, position) => closed(parser, { kind: 'do', value: parseTuple(parser.reader), position })],
  ['break', (parser, position) => closed(parser, { kind: 'break', position })],
  ['continue', (parser, position) => closed(parser, { kind: 'continue', position })],
]);

function parseIf(parser: Parser, position: number): Statement {
  const branches: (readonly [Expression, Body])[] = [];
  let otherwise: Body | undefined;
  for (let tag = 'if'; tag !== 'endif'; ) {
    if (tag === 'else') [otherwise, tag] = parser.until('endif');
    else {
      const test = parseTuple(parser.reader);
      const [body, next] = parser.until('elif', 'else', 'endif');
      branches.push([test, body]);
      tag = next;
    }
  }
  return closed(parser, { kind: 'if', branches, otherwise, position });
}

function parseFor(parser: Parser, position: number): Statement {
  const { reader } = parser;
  const target = parseTarget(reader, 'in');
  reader.keyword('in');
  const items = parseTuple(reader, { conditional: false });
  const test = reader.skipName('if') ? parseExpression(reader) : undefined;
  const recursive = reader.skipName('recursive');
  const [body, tag] = parser.until('endfor', 'else');
  const otherwise = tag === 'else' ? parser.until('endfor')[0] : undefined;
  return closed(parser, { kind: 'for', target, items, test, recursive, body, otherwise, position });
}

function parseSet(parser: Parser, position: number): Statement {
  const { reader } = parser;
  const target = parseTarget(reader, '=');
  if (reader.skipOperator('=')) return closed(parser, { kind: 'set', target, value: parseTuple(reader), position });
  const filter = reader.skipOperator('|') ? parseBlockFilter(reader) : undefined;
  return { kind: 'set-block', target, filter, body: parser.block('endset'), position };
}

function parseMacro(parser: Parser, position: number): Statement {
  const name = parser.reader.name();
  const parameters = parseParameters(parser.reader);
  return { kind: 'macro', macro: { name, parameters, body: parser.block('endmacro') }, position };
}

function parseCallBlock(parser: Parser, position: number): Statement {
  const { reader } = parser;
  const parameters = reader.isOperator('(') ? parseParameters(reader) : [];
  const call = parseExpression(reader);
  if (call.kind !== 'call') return reader.fail('expected call');
  const macro: MacroNode = { name: 'caller', parameters, body: parser.block('endcall') };
  return { kind: 'call-block', call, macro, position };
}

function parseParameters(reader: TokenReader): MacroNode['parameters'] {
  const parameters: { name: string; initial: Expression | undefined }[] = [];
  reader.operator('(');
  while (!reader.isOperator(')')) {
    if (parameters.length > 0) reader.operator(',');
    if (reader.isOperator(')')) break;
    const name = reader.name();
    const initial = reader.skipOperator('=') ? parseExpression(reader) : undefined;
    if (!initial && parameters.some((before) => before.initial)) {
      reader.fail('non-default argument follows default argument');
    }
    parameters.push({ name, initial });
  }
  reader.operator(')');
  return parameters;
}

function parseFilterBlock(parser: Parser, position: number): Statement {
  const filter = parseBlockFilter(parser.reader);
  return { kind: 'filter-block', filter, body: parser.block('endfilter'), position };
}

function parseWith(parser: Parser, position: number): Statement {
  const { reader } = parser;
  const values: (readonly [Target, Expression])[] = [];
  while (reader.current.type !== 'block-end') {
    if (values.length > 0) reader.operator(',');
    const target = parseOneTarget(reader);
    reader.operator('=');
    values.push([target, parseExpression(reader)]);
  }
  return { kind: 'with', values, body: parser.block('endwith'), position };
}

/** Text is never escaped by itself here, so that only the body counts. */
function parseAutoescape(parser: Parser, position: number): Statement {
  parseExpression(parser.reader);
  return { kind: 'with', values: [], body: parser.block('endautoescape'), position };
}

/** `with context` or `without context`. */
function parseContext(reader: TokenReader, usual: boolean): boolean {
  if (!isContext(reader)) return usual;
  const context = reader.isName('with');
  reader.advance();
  reader.advance();
  return context;
}

function isContext(reader: TokenReader): boolean {
  const after = reader.next;
  return reader.is('name', 'with', 'without') && after?.type === 'name' && after.value === 'context';
}

function parseInclude(parser: Parser, position: number): Statement {
  const { reader } = parser;
  const template = parseExpression(reader);
  const optional = reader.skipName('ignore');
  if (optional) reader.keyword('missing');
  return closed(parser, { kind: 'include', template, optional, context: parseContext(reader, true), position });
}

function parseImport(parser: Parser, position: number): Statement {
  const { reader } = parser;
  const template = parseExpression(reader);
  reader.keyword('as');
  const name = reader.name();
  return closed(parser, { kind: 'import', template, name, context: parseContext(reader, false), position });
}

function parseFromImport(parser: Parser, position: number): Statement {
  const { reader } = parser;
  const template = parseExpression(reader);
  reader.keyword('import');
  const names: { name: string; as: string }[] = [];
  do {
    if (isContext(reader) || reader.current.type === 'block-end') break;
    const name = reader.name();
    names.push({ name, as: reader.skipName('as') ? reader.name() : name });
  } while (reader.skipOperator(','));
  return closed(parser, { kind: 'from', template, names, context: parseContext(reader, false), position });
}

function parseExtends(parser: Parser, position: number): Statement {
  parser.extends = true;
  return closed(parser, { kind: 'extends', template: parseExpression(parser.reader), position });
}

function parseBlock(parser: Parser, position: number): Statement {
  const { reader } = parser;
  const name = reader.name();
  reader.skipName('scoped');
  reader.skipName('required');
  const [body] = parser.until('endblock');
  reader.skipName(name);
  if (parser.blocks.has(name)) reader.fail(`block '${name}' defined twice`, position);
  parser.blocks.set(name, body);
  return closed(parser, { kind: 'block', name, position });
}

/** What is assigned to: `name`, `namespace.member`, or several with commas between, up to `end`. */
function parseTarget(reader: TokenReader, end: '=' | 'in' | ')'): Target {
  const position = reader.position;
  const first = parseOneTarget(reader);
  if (!reader.isOperator(',')) return first;
  const items = [first];
  while (reader.skipOperator(',')) {
    if (reader.isOperator(end) || reader.isName(end)) break;
    items.push(parseOneTarget(reader));
  }
  return { kind: 'tuple', items, position };
}

function parseOneTarget(reader: TokenReader): Target {
  const position = reader.position;
  if (reader.skipOperator('(')) {
    const target = parseTarget(reader, ')');
    reader.operator(')');
    return target;
  }
  const name = reader.name();
  if (isConstantName(name)) reader.fail(`can't assign to '${name}'`, position);
  if (reader.skipOperator('.')) return { kind: 'member', namespace: name, name: reader.name(), position };
  return { kind: 'name', name, position };
}
