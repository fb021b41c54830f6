import { Foreign, type Term } from '../value/term.ts';

/** `namespace(…)`, and an imported template: attributes by name. */
export class Namespace extends Foreign {
  readonly typeName = 'Namespace';
  readonly members: Map<string, Term>;

  constructor(members: Iterable<readonly [string, Term]> = []) {
    super();
    this.members = new Map(members);
  }

  text(): string {
    return '<Namespace>';
  }
}
