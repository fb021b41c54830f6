import { itemsOf } from '../value/iterate.ts';
import { PythonError } from '../value/python-error.ts';
import type { Term } from '../value/term.ts';
import type { Target } from './ast.ts';
import type { Frame } from './frame.ts';
import { Namespace } from './namespace.ts';

/** Sets names from a value: one name, a member of a namespace, or several from a list of as many items. */
export function assign(target: Target, term: Term, frame: Frame): void {
  switch (target.kind) {
    case 'name':
      frame.set(target.name, term);
      return;
    case 'member': {
      const namespace = frame.get(target.namespace, target.position);
      if (!(namespace instanceof Namespace)) throw new PythonError('cannot assign attribute on non-namespace object');
      namespace.members.set(target.name, term);
      return;
    }
    case 'tuple': {
      const items = itemsOf(term);
      const wanted = target.items.length;
      if (items.length !== wanted) {
        const problem = items.length > wanted ? 'too many' : 'not enough';
        throw new PythonError(`${problem} values to unpack (expected ${wanted}, got ${items.length})`);
      }
      target.items.forEach((part, index) => {
        assign(part, items[index]!, frame);
      });
    }
  }
}
