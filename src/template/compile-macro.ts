import { tupleOf } from '../value/arithmetic.ts';
import { dictOf } from '../value/dict.ts';
import { PythonError } from '../value/python-error.ts';
import type { Term } from '../value/term.ts';
import type { MacroNode } from './ast.ts';
import { Macro, type Named } from './callable.ts';
import { compileExpression, type Evaluate } from './compile-expression.ts';
import { compileBody } from './compile-statement.ts';
import { Frame } from './frame.ts';
import { joinNative } from './output.ts';
import { readsName } from './reads-name.ts';

/** A macro, made anew whenever its definition is reached, because it sees the names around it. */
export function compileMacro(node: MacroNode): (frame: Frame) => Macro {
  const body = compileBody(node.body);
  const bind = compileBinding(node);
  const names = node.parameters.map(({ name }) => name);
  return (outer) => {
    const { runtime } = outer;
    const { origin } = runtime;
    return new Macro(node.name, names, (positional, named) =>
      runtime.deeper(() =>
        runtime.within(origin, () => {
          const frame = new Frame(runtime, outer);
          bind(frame, positional, named);
          const pieces: Term[] = [];
          body(frame, pieces);
          return joinNative(pieces, '');
        }),
      ),
    );
  };
}

function absent(frame: Frame, name: string, initial: Evaluate | undefined): Term {
  return initial ? initial(frame) : frame.runtime.undefined(`parameter '${name}' was not provided`);
}

/** Sets the parameters in the macro's frame, and `varargs`, `kwargs` and `caller` where its body reads them. */
function compileBinding(node: MacroNode): (frame: Frame, positional: readonly Term[], named: Named) => void {
  const parameters = node.parameters.map(({ name, initial }) => [name, initial && compileExpression(initial)] as const);
  const takes = (name: string): boolean => readsName(node.body, name);
  const [many, anyNamed, caller] = [takes('varargs'), takes('kwargs'), takes('caller')];
  return (frame, positional, named) => {
    const left = new Map(named);
    parameters.forEach(([name, initial], index) => {
      const given = index < positional.length ? positional[index] : left.get(name);
      left.delete(name);
      frame.set(name, given === undefined ? absent(frame, name, initial) : given);
    });
    if (caller) frame.set('caller', left.get('caller') ?? frame.runtime.undefined('No caller defined'));
    left.delete('caller');
    if (anyNamed) frame.set('kwargs', dictOf(left));
    else
      for (const name of left.keys()) throw new PythonError(`macro '${node.name}' takes no keyword argument '${name}'`);
    const more = positional.slice(parameters.length);
    if (many) frame.set('varargs', tupleOf(more));
    else if (more.length > 0) {
      throw new PythonError(`macro '${node.name}' takes not more than ${parameters.length} argument(s)`);
    }
  };
}
