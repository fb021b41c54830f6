/** YAML as PyYAML's `dump` over libyaml writes it, to the character. */

import { compareText } from './compare.ts';
import { isFloat, isInt, isNumeric, toNumber } from './number.ts';
import { PythonError } from './python-error.ts';
import { demand, isTermDict, isTermList, type Term, type TermDict } from './term.ts';
import { floatText, str, typeName } from './text.ts';
import { Unsafe } from './value.ts';
import { analyze } from './yaml-scalar.ts';
import { YamlWriter } from './yaml-writer.ts';

export interface YamlStyle {
  /** Blanks of one level, 2 to 9. Default 2. */
  readonly indent?: number;
  /** Longest line before a fold. Default 80. */
  readonly width?: number;
  /** Which containers stand in brackets: `all`, `none` (default), or the `leaves`, which hold only scalars. */
  readonly flow?: 'all' | 'none' | 'leaves';
  /** Keys in order. Default true. */
  readonly sort?: boolean;
}

/** One document, ended by a newline. Throws a PythonError for what YAML cannot hold. */
export function writeYaml(term: Term, style: YamlStyle = {}): string {
  return new Dump(style).text(term);
}

interface Context {
  readonly flow: boolean;
  /** The node is a value in a mapping. */
  readonly inMapping: boolean;
  readonly key: boolean;
}

const BLOCK: Context = { flow: false, inMapping: false, key: false };
const LONGEST_SIMPLE_KEY = 128;

class Dump {
  readonly #indent: number;
  readonly #flow: 'all' | 'none' | 'leaves';
  readonly #sort: boolean;
  readonly #writer: YamlWriter;

  constructor({ indent = 2, width = 80, flow = 'none', sort = true }: YamlStyle) {
    this.#indent = indent > 1 && indent < 10 ? indent : 2;
    this.#flow = flow;
    this.#sort = sort;
    this.#writer = new YamlWriter(width > this.#indent * 2 ? width : 80);
  }

  text(term: Term): string {
    this.#node(term, BLOCK);
    return `${this.#writer.text}\n`;
  }

  #node(term: Term, context: Context): void {
    if (isTermList(term)) this.#list(term, context);
    else if (isTermDict(term)) this.#dict(term, context);
    else this.#scalar(term, context);
  }

  #scalar(term: Term, { flow, key }: Context): void {
    const isText = typeof term === 'string' || term instanceof Unsafe;
    const text = isText ? str(term) : plainText(term);
    // Lines that a long text is folded into are indented as if it were a container.
    this.#deeper(() => this.#writer.scalar(text, { flow, key, isText }));
  }

  #inBrackets(items: readonly Term[], { flow }: Context): boolean {
    if (flow || items.length === 0 || this.#flow === 'all') return true;
    return this.#flow === 'leaves' && items.every((item) => !isTermList(item) && !isTermDict(item));
  }

  /** Runs with the indentation of one level more. */
  #deeper(run: () => void, by = this.#indent): void {
    const before = this.#writer.indent;
    this.#writer.indent = before + by;
    run();
    this.#writer.indent = before;
  }

  #list(list: readonly Term[], context: Context): void {
    const items = Array.from(list);
    const writer = this.#writer;
    if (this.#inBrackets(items, context)) {
      this.#brackets('[', ']', items, (item) => this.#node(item, { flow: true, inMapping: false, key: false }));
      return;
    }
    // A list that is the value of a key is not indented further.
    const level = this.#depth === 0 || (context.inMapping && !writer.onlyIndentation) ? 0 : this.#indent;
    this.#depth++;
    this.#deeper(() => {
      for (const item of items) {
        writer.newLine();
        writer.indicator('-', { spaced: true, indents: true });
        this.#node(item, BLOCK);
      }
    }, level);
    this.#depth--;
  }

  /** Block containers around the current node. */
  #depth = 0;

  #dict(dict: TermDict, context: Context): void {
    const entries = this.#entries(dict);
    const values = entries.map(([, item]) => item);
    if (this.#inBrackets(values, context)) {
      this.#brackets('{', '}', entries, ([key, item]) => this.#pair(key, item, true));
      return;
    }
    const level = this.#depth === 0 ? 0 : this.#indent;
    this.#depth++;
    this.#deeper(() => {
      for (const [key, item] of entries) {
        this.#writer.newLine();
        this.#pair(key, item, false);
      }
    }, level);
    this.#depth--;
  }

  #pair(key: Term, item: Term, flow: boolean): void {
    const writer = this.#writer;
    const simple = isSimpleKey(key);
    if (!simple) writer.indicator('?', { spaced: true, indents: true });
    this.#node(key, { flow, inMapping: true, key: simple });
    if (simple) writer.indicator(':');
    else {
      if (!flow || writer.tooWide) writer.newLine();
      writer.indicator(':', { spaced: true, indents: true });
    }
    this.#node(item, { flow, inMapping: true, key: false });
  }

  #brackets<T>(open: string, close: string, items: readonly T[], write: (item: T) => void): void {
    const writer = this.#writer;
    writer.indicator(open, { spaced: true, opens: true });
    this.#deeper(() => {
      items.forEach((item, index) => {
        if (index > 0) writer.indicator(',');
        if (writer.tooWide) writer.newLine();
        write(item);
      });
    });
    writer.indicator(close);
  }

  #entries(dict: TermDict): (readonly [Term, Term])[] {
    const entries = [...dict];
    if (!this.#sort) return entries;
    const comparable =
      entries.every(([key]) => typeof key === 'string') || entries.every(([key]) => typeof key === 'number');
    if (!comparable) return entries;
    return entries.sort(([a], [b]) =>
      typeof a === 'number' && typeof b === 'number' ? a - b : compareText(str(a), str(b)),
    );
  }
}

function isSimpleKey(key: Term): boolean {
  if (isTermList(key) || isTermDict(key)) return false;
  const text = str(key);
  return text.length <= LONGEST_SIMPLE_KEY && !analyze(text).multiline;
}

/** A scalar that is no text. */
function plainText(term: Term): string {
  if (term === null) return 'null';
  if (typeof term === 'boolean') return String(term);
  if (isInt(term)) return str(term);
  if (isNumeric(term) && isFloat(term)) return floatYaml(toNumber(term));
  demand(term);
  throw new PythonError(`cannot represent an object of type ${typeName(term)} as YAML`);
}

function floatYaml(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  const text = floatText(value);
  return text.includes('.') ? text : text.replace('e', '.0e');
}
