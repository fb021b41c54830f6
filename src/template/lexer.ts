import { syntaxFailure } from './failure.ts';
import { lexExpression } from './lex-expression.ts';
import type { Syntax, Token } from './tokens.ts';

type Kind = 'block' | 'variable' | 'comment';

/** The tokens of a template. Throws a syntax Failure with its offset. */
export function tokenize(template: string, syntax: Syntax): Token[] {
  return new Lexer(template, syntax).tokens();
}

const escapeRegex = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const RAW = /\s*raw\b/y;
const openings = new Map<string, RegExp>();

/** Finds the next opening delimiter (the longest first) with its `-` or `+`. */
function openingOf(kinds: readonly (readonly [string, Kind])[]): RegExp {
  const pattern = `(${kinds.map(([text]) => escapeRegex(text)).join('|')})([-+]?)`;
  const known = openings.get(pattern) ?? new RegExp(pattern, 'g');
  openings.set(pattern, known);
  return known;
}

class Lexer {
  readonly #text: string;
  readonly #syntax: Syntax;
  readonly #kinds: readonly (readonly [string, Kind])[];
  readonly #tokens: Token[] = [];
  #position = 0;

  constructor(template: string, syntax: Syntax) {
    const text = template.includes('\r') ? template.replace(/\r\n?/g, '\n') : template;
    this.#text = !syntax.keepTrailingNewline && text.endsWith('\n') ? text.slice(0, -1) : text;
    this.#syntax = syntax;
    const kinds: (readonly [string, Kind])[] = [
      [syntax.block[0], 'block'],
      [syntax.variable[0], 'variable'],
      [syntax.comment[0], 'comment'],
    ];
    this.#kinds = kinds.sort(([a], [b]) => b.length - a.length);
  }

  tokens(): Token[] {
    const opening = openingOf(this.#kinds);
    while (this.#position < this.#text.length) {
      opening.lastIndex = this.#position;
      const found = opening.exec(this.#text);
      if (!found) {
        this.#data(this.#text.slice(this.#position), this.#position);
        break;
      }
      const [all, delimiter, sign] = found;
      const kind = this.#kinds.find(([text]) => text === delimiter)![1];
      this.#textBefore(found.index, kind, sign ?? '');
      this.#position = found.index + all.length;
      if (kind === 'comment') this.#comment(found.index);
      else if (kind !== 'block' || !this.#raw(found.index)) this.#expression(kind, found.index);
    }
    this.#tokens.push({ type: 'end', position: this.#text.length });
    return this.#tokens;
  }

  #data(text: string, position: number): void {
    if (text === '') return;
    const newline = this.#syntax.newlineSequence;
    this.#tokens.push({ type: 'data', value: newline === '\n' ? text : text.replaceAll('\n', newline), position });
  }

  #textBefore(end: number, kind: Kind, sign: string): void {
    const start = this.#position;
    const text = this.#text.slice(start, end);
    if (sign === '-') this.#data(text.trimEnd(), start);
    else if (sign !== '+' && kind !== 'variable') this.#data(this.#withoutIndent(text, start), start);
    else this.#data(text, start);
  }

  /** `lstrip_blocks`: drops the blanks before a block that begins its line. */
  #withoutIndent(text: string, start: number): string {
    if (!this.#syntax.lstripBlocks) return text;
    const line = text.lastIndexOf('\n') + 1;
    const beginsLine = line > 0 || start === 0 || this.#text[start - 1] === '\n';
    return beginsLine && /^[^\S\n]*$/.test(text.slice(line)) ? text.slice(0, line) : text;
  }

  #comment(opened: number): void {
    const end = this.#text.indexOf(this.#syntax.comment[1], this.#position);
    if (end < 0) throw syntaxFailure('Missing end of comment tag', opened);
    const sign = end > this.#position ? this.#text[end - 1] : undefined;
    this.#position = end + this.#syntax.comment[1].length;
    this.#afterBlock(sign ?? '');
  }

  /** What follows a block or comment that ended with `sign`. */
  #afterBlock(sign: string): void {
    if (sign === '-') this.#skipBlanks();
    else if (this.#syntax.trimBlocks && sign !== '+' && this.#text[this.#position] === '\n') this.#position++;
  }

  #skipBlanks(): void {
    const blanks = /\s*/y;
    blanks.lastIndex = this.#position;
    blanks.test(this.#text);
    this.#position = blanks.lastIndex;
  }

  /** `{% raw %}…{% endraw %}`: true when one stood here. */
  #raw(opened: number): boolean {
    RAW.lastIndex = this.#position;
    if (!RAW.test(this.#text)) return false;
    const [begin, end] = this.#syntax.block.map(escapeRegex);
    const opening = new RegExp(`\\s*raw\\s*(-?)${end}`, 'y');
    opening.lastIndex = this.#position;
    const open = opening.exec(this.#text);
    if (!open) return false;
    this.#position = opening.lastIndex;
    if (open[1] === '-') this.#skipBlanks();
    const closing = new RegExp(`${begin}([-+]?)\\s*endraw\\s*([-+]?)${end}`, 'g');
    closing.lastIndex = this.#position;
    const close = closing.exec(this.#text);
    if (!close) throw syntaxFailure('Missing end of raw directive', opened);
    this.#textBefore(close.index, 'block', close[1] ?? '');
    this.#position = closing.lastIndex;
    this.#afterBlock(close[2] ?? '');
    return true;
  }

  #expression(kind: 'block' | 'variable', opened: number): void {
    this.#tokens.push({ type: kind === 'block' ? 'block-begin' : 'variable-begin', position: opened });
    const closed = lexExpression(
      this.#text,
      this.#position,
      { kind, delimiter: this.#syntax[kind][1], verbatim: kind === 'variable' && this.#syntax.verbatimStrings },
      this.#tokens,
    );
    this.#position = closed.end;
    if (closed.sign === '-') this.#skipBlanks();
    else if (kind === 'block') this.#afterBlock(closed.sign);
  }
}
