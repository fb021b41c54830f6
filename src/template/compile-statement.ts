/** Statements become closures that put pieces out; pieces stay native until they are joined. */

import { PythonError } from '../value/python-error.ts';
import type { Term } from '../value/term.ts';
import { str, typeName } from '../value/text.ts';
import { truthy } from '../value/truth.ts';
import { assign } from './assign.ts';
import type { Body, Expression, IfNode, MacroNode, Statement, Target } from './ast.ts';
import { Callable } from './callable.ts';
import { compileArguments } from './compile-arguments.ts';
import { BLOCK_TEXT, compileExpression, type Evaluate } from './compile-expression.ts';
import { compileFor } from './compile-for.ts';
import { compileBlock, compileExtends, compileFromImport, compileImport, compileInclude } from './compile-include.ts';
import { compileMacro } from './compile-macro.ts';
import { Frame } from './frame.ts';
import { copyOf, joinText, pieceText } from './output.ts';

/** Why a body ended: it went through, or a loop's `break` or `continue`, or an `extends` made the rest void. */
export type Signal = 'done' | 'break' | 'continue' | 'void';

export type Execute = (frame: Frame, out: Term[]) => Signal;

export function compileBody(body: Body): Execute {
  const statements = body.map(compileStatement);
  const [only] = statements;
  if (only && statements.length === 1) return only;
  return (frame, out) => {
    for (const run of statements) {
      const signal = run(frame, out);
      if (signal !== 'done') return signal;
    }
    return 'done';
  };
}

/** A statement that always goes through. */
function simple(run: (frame: Frame, out: Term[]) => void): Execute {
  return (frame, out) => {
    run(frame, out);
    return 'done';
  };
}

function compileStatement(node: Statement): Execute {
  switch (node.kind) {
    case 'data': {
      const { text } = node;
      return simple((_frame, out) => out.push(text));
    }
    case 'output': {
      const value = compileExpression(node.value);
      return simple((frame, out) => out.push(settled(value(frame), frame)));
    }
    case 'do':
      return simple(compileExpression(node.value));
    case 'if':
      return compileIf(node);
    case 'for':
      return compileFor(node, node.position);
    case 'set': {
      const [{ target }, value] = [node, compileExpression(node.value)];
      return simple((frame) => assign(target, value(frame), frame));
    }
    case 'set-block': {
      const [{ target }, text] = [node, compileBlockText(node.body, node.filter)];
      return simple((frame) => assign(target, text(frame), frame));
    }
    case 'filter-block': {
      const text = compileBlockText(node.body, node.filter);
      return simple((frame, out) => out.push(pieceText(text(frame))));
    }
    case 'macro': {
      const macro = compileMacro(node.macro);
      return simple((frame) => frame.set(node.macro.name, macro(frame)));
    }
    case 'call-block':
      return compileCallBlock(node.call, node.macro, node.position);
    case 'with':
      return compileWith(node.values, node.body);
    case 'include':
      return simple(compileInclude(node, node.position));
    case 'import':
      return simple(compileImport(node, node.position));
    case 'from':
      return simple(compileFromImport(node, node.position));
    case 'extends':
      return compileExtends(node.template, node.position);
    case 'block':
      return simple(compileBlock(node.name));
    case 'break':
    case 'continue': {
      const { kind } = node;
      return () => kind;
    }
  }
}

/** What is put out now must not change when the template later changes it. */
function settled(term: Term, { runtime }: Frame): Term {
  return runtime.copies ? copyOf(term) : term;
}

function compileIf({ branches, otherwise }: IfNode): Execute {
  const compiled = branches.map(([test, body]) => [compileExpression(test), compileBody(body)] as const);
  const last: Execute = otherwise ? compileBody(otherwise) : () => 'done';
  return (frame, out) => {
    for (const [test, run] of compiled) if (truthy(test(frame))) return run(frame, out);
    return last(frame, out);
  };
}

/** The text of a body, through a filter. */
function compileBlockText(body: Body, filter: Expression | undefined): Evaluate {
  const run = compileBody(body);
  const filtered = filter && compileExpression(filter);
  return (frame) => {
    const pieces: Term[] = [];
    run(new Frame(frame.runtime, frame), pieces);
    const text = joinText(pieces);
    if (!filtered) return text;
    const inner = new Frame(frame.runtime, frame);
    inner.set(BLOCK_TEXT, text);
    return filtered(inner);
  };
}

function compileCallBlock(call: Expression & { kind: 'call' }, node: MacroNode, position: number): Execute {
  const [callee, args, caller] = [compileExpression(call.callee), compileArguments(call.arguments), compileMacro(node)];
  return simple((frame, out) => {
    const target = callee(frame);
    frame.runtime.position = position;
    if (!(target instanceof Callable)) throw new PythonError(`'${typeName(target)}' object is not callable`);
    const { positional, named } = args(frame);
    out.push(str(target.call(positional, new Map([...named, ['caller', caller(frame)]]))));
  });
}

function compileWith(values: readonly (readonly [Target, Expression])[], body: Body): Execute {
  const compiled = values.map(([target, value]) => [target, compileExpression(value)] as const);
  const run = compileBody(body);
  return (frame, out) => {
    const inner = new Frame(frame.runtime, frame);
    const terms = compiled.map(([target, value]) => [target, value(frame)] as const);
    for (const [target, term] of terms) assign(target, term, inner);
    return run(inner, out);
  };
}
