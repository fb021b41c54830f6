/** A value as Python's `ast.literal_eval` reads it: how Ansible types `key=value` in INI inventories. */

import { Float, float, Tuple, type Value } from '../value/value.ts';

/** The value of a literal; text that is none stays text, as do sets, complex numbers and `...`, which JSON cannot hold. */
export function pythonLiteral(text: string): Value {
  try {
    return new Reader(text.replace(/^[ \t]+/, '')).whole();
  } catch (error) {
    if (error instanceof NotALiteral) return text;
    throw error;
  }
}

class NotALiteral extends Error {}

const SPACE = /(?:[ \t\f]|#.*$)*/y;
const NUMBER =
  /(?:0[xX](?:_?[\da-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*)?\.\d(?:_?\d)*(?:[eE][-+]?\d(?:_?\d)*)?|\d(?:_?\d)*(?:\.(?:[eE][-+]?\d(?:_?\d)*)?|[eE][-+]?\d(?:_?\d)*)?)(?![\w.])/y;
const STRING =
  /([rR][bB]?|[bB][rR]?|[uU])?(?:"""((?:[^\\]|\\[\s\S])*?)"""|'''((?:[^\\]|\\[\s\S])*?)'''|'(?!'')((?:[^'\\\n]|\\[\s\S])*)'|"(?!"")((?:[^"\\\n]|\\[\s\S])*)")/y;
const WORD = /(?:True|False|None)(?!\w)/y;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Commas without parentheses make a tuple too: `80,443`. */
  whole(): Value {
    const first = this.#value();
    const value = this.#peek() === ',' ? this.#rest(first, '') : first;
    if (this.#peek() !== '') throw new NotALiteral();
    return value;
  }

  #value(): Value {
    const next = this.#peek();
    if (next === '[') return this.#list();
    if (next === '(') return this.#parentheses();
    if (next === '{') return this.#dict();
    const word = this.#match(WORD)?.[0];
    if (word !== undefined) return word === 'None' ? null : word === 'True';
    return this.#strings() ?? this.#number();
  }

  #list(): Value {
    this.#take('[');
    const items: Value[] = [];
    while (!this.#skip(']')) {
      items.push(this.#value());
      if (!this.#skip(',') && this.#peek() !== ']') throw new NotALiteral();
    }
    return items;
  }

  /** `()` and `(1,)` are tuples, `(1)` is 1. */
  #parentheses(): Value {
    this.#take('(');
    if (this.#skip(')')) return new Tuple();
    const first = this.#value();
    const value = this.#peek() === ',' ? this.#rest(first, ')') : first;
    this.#take(')');
    return value;
  }

  #rest(first: Value, end: string): Value {
    const items: Value[] = new Tuple();
    items.push(first);
    while (this.#skip(',') && this.#peek() !== end) items.push(this.#value());
    return items;
  }

  #dict(): Value {
    this.#take('{');
    const map = new Map<Value, Value>();
    while (!this.#skip('}')) {
      const key = this.#value();
      if (typeof key === 'object' && key !== null && !(key instanceof Float)) throw new NotALiteral();
      this.#take(':');
      map.set(key, this.#value());
      if (!this.#skip(',') && this.#peek() !== '}') throw new NotALiteral();
    }
    return map;
  }

  /** Strings that stand side by side are one; bytes and text do not go together. */
  #strings(): string | undefined {
    let text: string | undefined;
    const kinds = new Set<boolean>();
    for (let found = this.#match(STRING); found; found = this.#match(STRING)) {
      const [, prefix = '', ...bodies] = found;
      const body = bodies.find((one) => one !== undefined) ?? '';
      const isBytes = /b/i.test(prefix);
      if (kinds.add(isBytes).size > 1 || (isBytes && /[^\0-\x7f]/.test(body))) throw new NotALiteral();
      text = (text ?? '') + (/r/i.test(prefix) ? body : unescapeText(body, isBytes));
      this.#peek();
    }
    return text;
  }

  #number(): Value {
    const sign = this.#match(/[-+]/y)?.[0];
    this.#peek();
    const digits = this.#match(NUMBER)?.[0].replaceAll('_', '');
    // Python refuses whole numbers that begin with a zero.
    if (digits === undefined || /^0\d*[1-9]\d*$/.test(digits)) throw new NotALiteral();
    if (/^\d*(?:\.|\d[eE])/.test(digits)) return float(sign === '-' ? -Number(digits) : Number(digits));
    const value = Number(digits);
    if (Number.isSafeInteger(value)) return sign === '-' && value !== 0 ? -value : value;
    return sign === '-' ? -BigInt(digits) : BigInt(digits);
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match) this.#at += match[0].length;
    return match ?? undefined;
  }

  /** The next character that is neither space nor comment; nothing at the end. */
  #peek(): string {
    this.#match(SPACE);
    return this.#text[this.#at] ?? '';
  }

  #skip(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at += 1;
    return true;
  }

  #take(character: string): void {
    if (!this.#skip(character)) throw new NotALiteral();
  }
}

const ESCAPE = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g;
const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

function unescapeText(text: string, isBytes: boolean): string {
  return text.replace(ESCAPE, (whole, hex?: string, short?: string, long?: string, octal?: string, one = '') => {
    if (isBytes && (short ?? long) !== undefined) return whole;
    const digits = hex ?? short ?? long;
    if (digits !== undefined || octal !== undefined) {
      const code = digits === undefined ? Number.parseInt(octal ?? '', 8) : Number.parseInt(digits, 16);
      if (code > 0x10ffff) throw new NotALiteral();
      return String.fromCodePoint(code);
    }
    // A name (\N{...}), or half an escape, which Python refuses.
    if (!isBytes && /[xuUN]/.test(one)) throw new NotALiteral();
    return ESCAPES[one] ?? whole;
  });
}
