import { analyze, isTextWhenPlain } from './yaml-scalar.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '0',
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\x1b': 'e',
  '"': '"',
  '\\': '\\',
  '\x85': 'N',
  '\xa0': '_',
  '\u2028': 'L',
  '\u2029': 'P',
};

/** Writes YAML characters as libyaml's emitter does: it knows the column, and whether only indentation stands in the line. */
export class YamlWriter {
  readonly #width: number;
  #text = '';
  column = 0;
  indent = 0;
  #afterBlank = true;
  onlyIndentation = true;

  constructor(width: number) {
    this.#width = width;
  }

  get text(): string {
    return this.#text;
  }

  get tooWide(): boolean {
    return this.column > this.#width;
  }

  #write(text: string): void {
    this.#text += text;
    this.column += text.length;
  }

  /** Punctuation. `spaced`: a blank stands before it; `opens`: what follows needs none. */
  indicator(text: string, { spaced = false, opens = false, indents = false } = {}): void {
    this.#write(this.#afterBlank || !spaced ? text : ` ${text}`);
    this.#afterBlank = opens;
    this.onlyIndentation &&= indents;
  }

  lineBreak(char = '\n'): void {
    this.#text += char;
    this.column = 0;
    this.#afterBlank = true;
    this.onlyIndentation = true;
  }

  newLine(): void {
    if (!this.onlyIndentation || this.column > this.indent || (this.column === this.indent && !this.#afterBlank)) {
      this.lineBreak();
    }
    if (this.column < this.indent) {
      this.#afterBlank = true;
      this.#write(' '.repeat(this.indent - this.column));
    }
  }

  /** A text in the plainest style that holds it. `key`: it must stand in one line. */
  scalar(text: string, { flow, key, isText }: { flow: boolean; key: boolean; isText: boolean }): void {
    const styles = analyze(text);
    const plain = flow ? styles.flowPlain : styles.blockPlain;
    const oneLine = !(key && (text === '' || styles.multiline));
    if (plain && oneLine && (!isText || isTextWhenPlain(text))) this.#plain(text, !key);
    else if (styles.singleQuoted && !(key && styles.multiline)) this.#singleQuoted(text, !key);
    else this.#doubleQuoted(text, !key);
  }

  #fold(): void {
    this.newLine();
    this.#afterBlank = false;
    this.onlyIndentation = false;
  }

  #plain(text: string, split: boolean): void {
    if (!this.#afterBlank) this.#write(' ');
    this.#afterBlank = false;
    this.onlyIndentation = false;
    for (const part of text.split(/( +)/)) {
      if (part === ' ' && split && this.tooWide) this.#fold();
      else this.#write(part);
    }
  }

  #singleQuoted(text: string, split: boolean): void {
    this.indicator("'", { spaced: true });
    let at = 0;
    for (const part of text.split(/( +|[\n\x85\u2028\u2029]+)/)) {
      const end = at + part.length;
      if (part === ' ' && split && this.tooWide && at !== 0 && end !== text.length) this.newLine();
      else if (/^[\n\x85\u2028\u2029]/.test(part)) this.#breaks(part);
      else this.#write(part.replaceAll("'", "''"));
      at = end;
    }
    this.indicator("'");
  }

  /** Line breaks in a quoted text: one more than there are, because one alone is folded. */
  #breaks(part: string): void {
    if (part.startsWith('\n')) this.lineBreak();
    for (const char of part) this.lineBreak(char);
    this.newLine();
  }

  /** Folds at a blank, which the line break stands for; a blank after it is escaped. */
  #doubleQuoted(text: string, split: boolean): void {
    this.indicator('"', { spaced: true });
    const chars = [...text];
    chars.forEach((char, index) => {
      const inside = index > 0 && index < chars.length - 1;
      if (char === ' ' && split && inside && chars[index - 1] !== ' ' && this.tooWide) {
        this.#fold();
        if (chars[index + 1] === ' ') this.#write('\\');
      } else this.#write(UNESCAPED.test(char) ? char : escapeOf(char));
    });
    this.indicator('"');
  }
}

const UNESCAPED = /^[\x20-\x21\x23-\x5b\x5d-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]$/;

function escapeOf(char: string): string {
  const short = ESCAPES[char];
  if (short !== undefined) return `\\${short}`;
  const hex = (char.codePointAt(0) ?? 0).toString(16).toUpperCase();
  if (hex.length <= 2) return `\\x${hex.padStart(2, '0')}`;
  return hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
