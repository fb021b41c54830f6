/** `include`, `import`, `extends` and `block`: templates that use other templates. */

import { itemsOf } from '../value/iterate.ts';
import { PythonError } from '../value/python-error.ts';
import { isTermList, type Term } from '../value/term.ts';
import { str } from '../value/text.ts';
import type { Expression, FromImportNode } from './ast.ts';
import { Callable } from './callable.ts';
import { compileExpression } from './compile-expression.ts';
import type { Execute } from './compile-statement.ts';
import { type CompiledTemplate, compileTemplate } from './compile-template.ts';
import type { Origin } from './failure.ts';
import { Frame } from './frame.ts';
import { Namespace } from './namespace.ts';
import { joinText } from './output.ts';
import { Runtime } from './runtime.ts';

type Run = (frame: Frame, out: Term[]) => void;

interface Loaded {
  readonly template: CompiledTemplate;
  readonly origin: Origin;
}

/** The first of the named templates that exists. */
function load(names: readonly string[], { runtime }: Frame): Loaded | undefined {
  for (const name of names) {
    const file = runtime.templar.readTemplate(name, fileOf(runtime.origin));
    if (!file) continue;
    const origin: Origin = { template: file.text, where: { file: file.path, text: file.text }, offset: 0 };
    const template = runtime.within(origin, () => compileTemplate(file.text, runtime.syntax));
    if (template.changes) runtime.copies = true;
    return { template, origin };
  }
  return undefined;
}

/** The file that a template is the whole of. */
const fileOf = ({ where, offset }: Origin): string | undefined => (offset === undefined ? undefined : where?.file);

function mustLoad(term: Term, frame: Frame, position: number): Loaded {
  const names = namesOf(term);
  const loaded = load(names, frame);
  if (loaded) return loaded;
  frame.runtime.position = position;
  throw new PythonError(`the template ${names.map((name) => `'${name}'`).join(' or ')} is nowhere it was looked for`);
}

const namesOf = (term: Term): readonly string[] => (isTermList(term) ? itemsOf(term) : [term]).map(str);

/** The frame of the other template: with the names around, or without them and without variables. */
function frameFor(frame: Frame, context: boolean): Frame {
  if (context) return new Frame(frame.runtime, frame);
  const { templar, origin, syntax } = frame.runtime;
  return new Frame(new Runtime(templar, templar.noVariables, origin, syntax));
}

function runTemplate({ template, origin }: Loaded, frame: Frame, out: Term[]): void {
  const { runtime } = frame;
  runtime.within(origin, () => {
    runtime.addBlocks(template);
    template.run(frame, out);
  });
}

export function compileInclude(
  node: { template: Expression; optional: boolean; context: boolean },
  position: number,
): Run {
  const template = compileExpression(node.template);
  return (frame, out) => {
    const term = template(frame);
    const loaded = node.optional ? load(namesOf(term), frame) : mustLoad(term, frame, position);
    if (loaded) runTemplate(loaded, frameFor(frame, node.context), out);
  };
}

function exportsOf(template: Term, frame: Frame, context: boolean, position: number): ReadonlyMap<string, Term> {
  const inner = frameFor(frame, context);
  runTemplate(mustLoad(template, frame, position), inner, []);
  return inner.exports();
}

export function compileImport(node: { template: Expression; name: string; context: boolean }, position: number): Run {
  const template = compileExpression(node.template);
  return (frame) => {
    frame.set(node.name, new Namespace(exportsOf(template(frame), frame, node.context, position)));
  };
}

export function compileFromImport(node: FromImportNode, position: number): Run {
  const template = compileExpression(node.template);
  return (frame) => {
    const term = template(frame);
    const exports = exportsOf(term, frame, node.context, position);
    for (const { name, as } of node.names) {
      const hint = `the template '${namesOf(term).join(', ')}' does not export the requested name '${name}'`;
      const exported = exports.get(name);
      frame.set(as, exported === undefined ? frame.runtime.undefined(hint) : exported);
    }
  };
}

/** What this template put out so far and goes on to put out is void: the parent's text counts. */
export function compileExtends(node: Expression, position: number): Execute {
  const template = compileExpression(node);
  return (frame, out) => {
    const parent = mustLoad(template(frame), frame, position);
    out.length = 0;
    runTemplate(parent, frame, out);
    return 'void';
  };
}

/** Puts out a block as the nearest template says it; `super()` is the next one's. */
export function runBlock(name: string, frame: Frame, out: Term[], index = 0): void {
  const level = frame.runtime.blocks.get(name)?.[index];
  if (!level) throw new PythonError(`there is no parent block called '${name}'.`);
  const inner = new Frame(frame.runtime, frame);
  inner.set('super', new Callable('super', () => blockText(name, frame, index + 1)));
  frame.runtime.within(level.origin, () => level.run(inner, out));
}

function blockText(name: string, frame: Frame, index = 0): Term {
  const pieces: Term[] = [];
  runBlock(name, frame, pieces, index);
  return joinText(pieces);
}

/** `self`: the blocks of the template as functions. */
export function blocksOf(runtime: Runtime): Namespace {
  const names = [...runtime.blocks.keys()];
  return new Namespace(names.map((name) => [name, new Callable(name, () => blockText(name, new Frame(runtime)))]));
}

export function compileBlock(name: string): Run {
  return (frame, out) => runBlock(name, frame, out);
}
