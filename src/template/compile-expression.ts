/** Expressions become closures: no `eval`, no `new Function`. */

import { calculate, negate, tupleOf } from '../value/arithmetic.ts';
import { compare, contains, equal } from '../value/compare.ts';
import { dictOf } from '../value/dict.ts';
import { PythonError } from '../value/python-error.ts';
import { demand, type Term } from '../value/term.ts';
import { str, typeName } from '../value/text.ts';
import { truthy } from '../value/truth.ts';
import { getAttribute, getItem, getSlice } from './access.ts';
import type { CallNode, CompareNode, Comparison, ConditionalNode, Expression, FilterNode, TestNode } from './ast.ts';
import { Callable } from './callable.ts';
import { compileArguments } from './compile-arguments.ts';
import type { Frame } from './frame.ts';
import type { Filter, Language } from './language.ts';
import { findMethod } from './methods/methods.ts';
import { Undefined } from './undefined.ts';

export type Evaluate = (frame: Frame) => Term;

const INLINE_IF = 'the inline if-expression evaluated to false and no else section was defined.';

export function compileExpression(node: Expression): Evaluate {
  const { position } = node;
  switch (node.kind) {
    case 'constant': {
      const { value } = node;
      return () => value;
    }
    case 'name': {
      const { name } = node;
      return (frame) => frame.get(name, position);
    }
    case 'list': {
      const items = node.items.map(compileExpression);
      return (frame) => items.map((item) => item(frame));
    }
    case 'tuple': {
      const items = node.items.map(compileExpression);
      return (frame) => tupleOf(items.map((item) => item(frame)));
    }
    case 'dict': {
      const pairs = node.items.map(([key, value]) => [compileExpression(key), compileExpression(value)] as const);
      return (frame) => dictOf(pairs.map(([key, value]) => [key(frame), value(frame)] as const));
    }
    case 'attribute': {
      const [object, { name }] = [compileExpression(node.object), node];
      return at(position, object, (term, frame) => getAttribute(term, name, frame.runtime));
    }
    case 'item': {
      const [object, key] = [compileExpression(node.object), compileExpression(node.key)];
      return (frame) => {
        const [container, index] = [object(frame), key(frame)];
        frame.runtime.position = position;
        return getItem(container, index, frame.runtime);
      };
    }
    case 'slice': {
      const object = compileExpression(node.object);
      const [from, to, step] = [node.from, node.to, node.step].map((part) =>
        part ? compileExpression(part) : nothing,
      );
      return at(position, object, (term, frame) => getSlice(term, from!(frame), to!(frame), step!(frame)));
    }
    case 'concat': {
      const items = node.items.map(compileExpression);
      return (frame) => items.map((item) => str(item(frame))).join('');
    }
    case 'binary': {
      const [left, right, { operator }] = [compileExpression(node.left), compileExpression(node.right), node];
      return (frame) => {
        const [a, b] = [left(frame), right(frame)];
        frame.runtime.position = position;
        return calculate(operator, a, b);
      };
    }
    case 'and':
    case 'or': {
      const [left, right, stop] = [compileExpression(node.left), compileExpression(node.right), node.kind === 'or'];
      return (frame) => {
        const first = left(frame);
        return truthy(first) === stop ? first : right(frame);
      };
    }
    case 'not': {
      const operand = compileExpression(node.operand);
      return (frame) => !truthy(operand(frame));
    }
    case 'negative':
      return at(position, compileExpression(node.operand), negate);
    case 'positive':
      return compileExpression(node.operand);
    case 'call':
      return compileCall(node, position);
    case 'filter':
      return compileFilter(node, position);
    case 'test':
      return compileTest(node, position);
    case 'compare':
      return compileCompare(node, position);
    case 'conditional':
      return compileConditional(node, position);
  }
}

const nothing: Evaluate = () => null;

/** Evaluates the operand and notes the place before going on. */
function at(position: number, operand: Evaluate, go: (term: Term, frame: Frame) => Term): Evaluate {
  return (frame) => {
    const term = operand(frame);
    frame.runtime.position = position;
    return go(term, frame);
  };
}

function compileCall({ callee, arguments: list }: CallNode, position: number): Evaluate {
  const args = compileArguments(list);
  const call = (target: Term, frame: Frame): Term => {
    demand(target);
    if (!(target instanceof Callable)) {
      frame.runtime.position = position;
      throw new PythonError(`'${typeName(target)}' object is not callable`);
    }
    const { positional, named } = args(frame);
    frame.runtime.position = position;
    return target.call(positional, named);
  };
  if (callee.kind !== 'attribute') {
    const target = compileExpression(callee);
    return (frame) => call(target(frame), frame);
  }
  // A method is called at once, without an object that binds it.
  const object = compileExpression(callee.object);
  const { name } = callee;
  return (frame) => {
    const self = object(frame);
    frame.runtime.position = callee.position;
    const method = findMethod(self, name);
    if (!method) return call(getAttribute(self, name, frame.runtime), frame);
    const { positional, named } = args(frame);
    frame.runtime.position = position;
    return method(positional, named);
  };
}

function compileFilter({ operand, name, arguments: list }: FilterNode, position: number): Evaluate {
  const value = operand ? compileExpression(operand) : blockText;
  const args = compileArguments(list);
  let language: Language | undefined;
  let filter: Filter;
  return (frame) => {
    const { runtime } = frame;
    if (language !== runtime.language) {
      runtime.position = position;
      filter = runtime.filter(name);
      language = runtime.language;
    }
    const term = value(frame);
    const { positional, named } = args(frame);
    runtime.position = position;
    return runtime.applyFilter(name, filter, term, positional, named);
  };
}

/** The name under which the text of a filter block is handed to its filters; no template can write it. */
export const BLOCK_TEXT = '(block)';
const blockText: Evaluate = (frame) => frame.get(BLOCK_TEXT, 0);

function compileTest({ operand, name, arguments: list }: TestNode, position: number): Evaluate {
  const value = compileExpression(operand);
  if (name === 'defined') return (frame) => !(value(frame) instanceof Undefined);
  if (name === 'undefined') return (frame) => value(frame) instanceof Undefined;
  const args = compileArguments(list);
  return (frame) => {
    const { runtime } = frame;
    runtime.position = position;
    const test = runtime.test(name);
    const term = value(frame);
    const { positional, named } = args(frame);
    runtime.position = position;
    return runtime.applyTest(name, test, term, positional, named);
  };
}

const COMPARE: Readonly<Record<Comparison, (a: Term, b: Term) => boolean>> = {
  '==': equal,
  '!=': (a, b) => !equal(a, b),
  '<': (a, b) => compare(a, b, '<') < 0,
  '<=': (a, b) => compare(a, b, '<=') <= 0,
  '>': (a, b) => compare(a, b, '>') > 0,
  '>=': (a, b) => compare(a, b, '>=') >= 0,
  in: (a, b) => contains(b, a),
  'not in': (a, b) => !contains(b, a),
};

/** `a < b < c` compares neighbours and stops at the first that fails. */
function compileCompare({ first, rest }: CompareNode, position: number): Evaluate {
  const start = compileExpression(first);
  const steps = rest.map(([operator, operand]) => [COMPARE[operator], compileExpression(operand)] as const);
  return (frame) => {
    let left = start(frame);
    for (const [holds, operand] of steps) {
      const right = operand(frame);
      frame.runtime.position = position;
      if (!holds(left, right)) return false;
      left = right;
    }
    return true;
  };
}

function compileConditional({ test, whenTrue, whenFalse }: ConditionalNode, position: number): Evaluate {
  const [condition, first] = [compileExpression(test), compileExpression(whenTrue)];
  const second: Evaluate = whenFalse
    ? compileExpression(whenFalse)
    : ({ runtime: { origin } }) => new Undefined(INLINE_IF, { position, origin, lenient: true });
  return (frame) => (truthy(condition(frame)) ? first(frame) : second(frame));
}
