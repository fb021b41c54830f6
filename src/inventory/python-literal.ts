/** A value as Python's `ast.literal_eval` reads it: how Ansible types `key=value` in INI inventories. */

import { float, type Value } from '../value/value.ts';

/** The value of a literal; text that is none stays text. */
export function pythonLiteral(text: string): Value {
  const reader = new Reader(text.trim());
  try {
    const value = reader.value();
    return reader.atEnd() ? value : text;
  } catch (error) {
    if (error instanceof NotALiteral) return text;
    throw error;
  }
}

class NotALiteral extends Error {}

const NUMBER =
  /[-+]?(?:0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*)?\.\d[\d_]*(?:[eE][-+]?\d+)?|\d[\d_]*\.?(?:[eE][-+]?\d+)?)/y;
const STRING = /[bBuU]?(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)")/y;
const WORD = /True|False|None/y;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    this.#space();
    return this.#at === this.#text.length;
  }

  value(): Value {
    this.#space();
    const next = this.#text[this.#at];
    if (next === '[') return this.#items('[', ']');
    if (next === '(') return this.#items('(', ')');
    if (next === '{') return this.#dict();
    const word = this.#match(WORD)?.[0];
    if (word !== undefined) return word === 'None' ? null : word === 'True';
    const string = this.#match(STRING);
    if (string) return unescapeText(string[1] ?? string[2] ?? '');
    const number = this.#match(NUMBER)?.[0];
    if (number !== undefined) return readNumber(number);
    throw new NotALiteral();
  }

  #items(open: string, close: string): Value {
    this.#take(open);
    const items: Value[] = [];
    while (!this.#skip(close)) {
      items.push(this.value());
      if (!this.#skip(',') && this.#peek() !== close) throw new NotALiteral();
    }
    return items;
  }

  #dict(): Value {
    this.#take('{');
    const map = new Map<Value, Value>();
    while (!this.#skip('}')) {
      const key = this.value();
      this.#take(':');
      map.set(key, this.value());
      if (!this.#skip(',') && this.#peek() !== '}') throw new NotALiteral();
    }
    return map;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (!match) return undefined;
    this.#at += match[0].length;
    return match;
  }

  #peek(): string | undefined {
    this.#space();
    return this.#text[this.#at];
  }

  #skip(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at += 1;
    return true;
  }

  #take(character: string): void {
    if (!this.#skip(character)) throw new NotALiteral();
  }

  #space(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at += 1;
  }
}

/** Python refuses whole numbers that begin with a zero. */
function readNumber(text: string): Value {
  const digits = text.replaceAll('_', '');
  if (/^[-+]?0\d*[1-9]\d*$/.test(digits)) throw new NotALiteral();
  if (/[.eE]/.test(digits) && !/^[-+]?0[xX]/.test(digits)) return float(Number(digits));
  const sign = digits.startsWith('-') ? -1 : 1;
  const value = Number(digits.replace(/^[-+]/, ''));
  return Number.isSafeInteger(value) ? sign * value : BigInt(digits.replace(/^\+/, ''));
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\n': '', '0': '\0' };

function unescapeText(text: string): string {
  return text.replace(/\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|([\s\S]))/g, (whole, hex, unicode, one) => {
    if (hex ?? unicode) return String.fromCodePoint(Number.parseInt(hex ?? unicode, 16));
    return ESCAPES[one] ?? (one === '\\' || one === "'" || one === '"' ? one : whole);
  });
}
