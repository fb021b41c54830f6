import { itemsOf } from '../value/iterate.ts';
import type { Term } from '../value/term.ts';
import { truthy } from '../value/truth.ts';
import { assign } from './assign.ts';
import type { ForNode } from './ast.ts';
import { compileExpression } from './compile-expression.ts';
import { compileBody, type Execute, type Signal } from './compile-statement.ts';
import { Frame } from './frame.ts';
import { Loop } from './loop.ts';
import { joinText } from './output.ts';

/** `{% for target in items if test recursive %}…{% else %}…{% endfor %}` */
export function compileFor(node: ForNode, position: number): Execute {
  const [{ target }, source] = [node, compileExpression(node.items)];
  const test = node.test && compileExpression(node.test);
  const body = compileBody(node.body);
  const otherwise: Execute = node.otherwise ? compileBody(node.otherwise) : () => 'done';

  const wanted = (items: readonly Term[], frame: Frame): readonly Term[] => {
    if (!test) return items;
    return items.filter((item) => {
      const inner = new Frame(frame.runtime, frame);
      assign(target, item, inner);
      return truthy(test(inner));
    });
  };

  const run = (frame: Frame, out: Term[], term: Term, depth: number): Signal => {
    frame.runtime.position = position;
    const items = wanted(itemsOf(term), frame);
    if (items.length === 0) return otherwise(frame, out);
    const again = (nested: Term): Term => {
      const pieces: Term[] = [];
      frame.runtime.deeper(() => run(frame, pieces, nested, depth + 1));
      return joinText(pieces);
    };
    const loop = new Loop(items, depth, frame.runtime, node.recursive ? again : undefined);
    const inner = new Frame(frame.runtime, frame);
    for (const item of items) {
      inner.clear();
      inner.set('loop', loop);
      assign(target, item, inner);
      if (body(inner, out) === 'break') break;
      loop.advance();
    }
    return 'done';
  };
  return (frame, out) => run(frame, out, source(frame), 1);
}
