import { tupleOf } from '../value/arithmetic.ts';
import { Foreign, type Term } from '../value/term.ts';

export type Named = ReadonlyMap<string, Term>;
export const NO_NAMED: Named = new Map();

/** A function that a template may call. */
export class Callable extends Foreign {
  readonly typeName: string = 'function';
  readonly name: string;
  readonly call: (positional: readonly Term[], named: Named) => Term;

  constructor(name: string, call: (positional: readonly Term[], named: Named) => Term) {
    super();
    this.name = name;
    this.call = call;
  }

  /** An attribute of the object, by name. */
  attribute(_name: string): Term | undefined {
    return undefined;
  }

  text(): string {
    return `<function ${this.name}>`;
  }
}

/** A macro: a callable that knows its name and parameters. */
export class Macro extends Callable {
  override readonly typeName = 'Macro';
  readonly parameters: readonly string[];

  constructor(name: string, parameters: readonly string[], call: Callable['call']) {
    super(name, call);
    this.parameters = parameters;
  }

  override attribute(name: string): Term | undefined {
    if (name === 'name') return this.name;
    return name === 'arguments' ? tupleOf(this.parameters) : undefined;
  }
}

/** A callable with a fixed set of attributes, each read when it is asked for. */
export class CallableObject extends Callable {
  override readonly typeName: string;
  readonly #attributes: ReadonlyMap<string, () => Term>;

  constructor(name: string, call: Callable['call'], attributes: Readonly<Record<string, () => Term>>) {
    super(name, call);
    this.typeName = name;
    this.#attributes = new Map(Object.entries(attributes));
  }

  override attribute(name: string): Term | undefined {
    return this.#attributes.get(name)?.();
  }
}
