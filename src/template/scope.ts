import { dictOf } from '../value/dict.ts';
import { whereOf } from '../value/source.ts';
import type { Term } from '../value/term.ts';
import type { Value } from '../value/value.ts';
import { Failure } from './failure.ts';
import { finish } from './finish.ts';
import { isTemplate } from './is-template.ts';
import type { Layer } from './layer.ts';
import { LazyDict, type Member, prepare, prepareCopy, type RenderText } from './lazy.ts';
import { toFault } from './place.ts';
import type { Templar } from './templar.ts';
import { Undefined } from './undefined.ts';

/**
 * Variables as templates see them: rendered when they are read, also through each other, once.
 * A Scope is a view of one moment: when what a layer holds changes, make a new one.
 */
export class Scope {
  readonly #templar: Templar;
  readonly #layers: readonly Layer[];
  readonly #memo = new Map<string, Term>();
  /** Variables that are being rendered now: reading one of them again would never end. */
  readonly #rendering = new Set<string>();

  /** The first layer that has a name answers for it. */
  constructor(templar: Templar, layers: readonly Layer[]) {
    this.#templar = templar;
    this.#layers = layers;
  }

  /** The rendered value; undefined when no layer has it. Throws a Fault when its own template fails. */
  get(name: string): Value | undefined {
    try {
      const term = this.term(name);
      return term === undefined ? undefined : finish(term);
    } catch (error) {
      throw toFault(error, () => this.names());
    }
  }

  /** The value as it was given. */
  raw(name: string): Value | undefined {
    return this.#find(name)?.value;
  }

  names(): string[] {
    const names = new Set<string>();
    for (const layer of this.#layers) for (const name of layer.names()) names.add(name);
    return [...names];
  }

  /** A scope with nearer layers before this one's. It renders by itself, because any variable may read a nearer name. */
  with(...layers: Layer[]): Scope {
    return new Scope(this.#templar, [...layers, ...this.#layers]);
  }

  /** For templates: the value, its items still to be rendered. An Undefined when its template reads something undefined. */
  term(name: string): Term | undefined {
    const known = this.#memo.get(name);
    if (known !== undefined) return known;
    const found = this.#find(name);
    if (!found) return undefined;
    const term = prepare(found.value, this.#renderer(name, found.layer));
    if (typeof found.value === 'string' ? isTemplate(found.value) : term !== found.value) this.#memo.set(name, term);
    return term;
  }

  /** For templates that change lists and dictionaries in place: a copy of their own. */
  copy(name: string): Term | undefined {
    const found = this.#find(name);
    return found && prepareCopy(found.value, this.#renderer(name, found.layer));
  }

  /** All variables as one dictionary, rendered one by one as they are read. */
  dictionary(): Term {
    const names = dictOf(this.names().map((name) => [name, [name]] as const));
    return new LazyDict(names, (item) => (Array.isArray(item) ? (this.term(String(item[0])) ?? null) : item));
  }

  #find(name: string): { readonly value: Value; readonly layer: Layer } | undefined {
    for (const layer of this.#layers) {
      const value = layer.get(name);
      if (value !== undefined) return { value, layer };
    }
    return undefined;
  }

  #renderer(name: string, layer: Layer): RenderText | undefined {
    return layer.templated ? (text, member) => this.#render(name, text, layer, member) : undefined;
  }

  #render(name: string, text: string, layer: Layer, member: Member | undefined): Term {
    const where = (member && whereOf(member.container, plainKey(member.key))) ?? layer.where?.(name);
    const key = `${name}\0${text}`;
    if (this.#rendering.has(key)) {
      const failure = new Failure('template-error', `recursive loop: the variable '${name}' reads itself: ${text}`, 0);
      failure.origin = { template: text, where };
      throw failure;
    }
    this.#rendering.add(key);
    const note = (failure: Failure): Failure => {
      if (!where) failure.through ??= name;
      return failure;
    };
    try {
      const term = this.#templar.renderText(text, this, where);
      return term instanceof Undefined && !term.lenient ? Undefined.from(note(term.failure())) : term;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (note(error).code === 'template-undefined') return Undefined.from(error);
      throw error;
    } finally {
      this.#rendering.delete(key);
    }
  }
}

/** Positions are kept by keys of files, which are plain. */
const plainKey = (key: Term): Value | undefined =>
  typeof key === 'string' || typeof key === 'number' || typeof key === 'boolean' ? key : undefined;
