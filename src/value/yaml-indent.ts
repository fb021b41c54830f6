/**
 * Quoted texts and flow collections may go on in any column for PyYAML; YAML's own rule, that they stay to the right of
 * what holds them, is checked by the parser. Their lines are indented for it; what they say does not change by that.
 */
export class Indented {
  readonly #text: string;
  /** Spaces before a line, by the offset of its start. */
  readonly #spaces = new Map<number, number>();
  #starts: number[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  /** The text for the parser. */
  get text(): string {
    let text = '';
    let from = 0;
    for (const start of this.#starts) {
      text += this.#text.slice(from, start) + ' '.repeat(this.#spaces.get(start) ?? 0);
      from = start;
    }
    return text + this.#text.slice(from);
  }

  /** The offset in the text as it is written. */
  original(offset: number): number {
    let moved = 0;
    for (const start of this.#starts) {
      if (start + moved >= offset) break;
      moved += Math.min(this.#spaces.get(start) ?? 0, offset - start - moved);
    }
    return offset - moved;
  }

  /** Indents the lines of what begins at an offset. False when it never ends, or its lines were indented before. */
  indent(start: number): boolean {
    const end = endOf(this.#text, start);
    if (end === undefined) return false;
    const column = start - this.#text.lastIndexOf('\n', start);
    const before = this.#spaces.size;
    for (let at = this.#text.indexOf('\n', start); at >= 0 && at < end; at = this.#text.indexOf('\n', at + 1)) {
      if (!this.#spaces.has(at + 1)) this.#spaces.set(at + 1, column);
    }
    this.#starts = [...this.#spaces.keys()].sort((a, b) => a - b);
    return this.#spaces.size > before;
  }
}

/** The offset of the quote or bracket that closes the one at `start`. */
function endOf(text: string, start: number): number | undefined {
  const opening = text[start] ?? '';
  if (opening === '"' || opening === "'") return endOfQuoted(text, start, opening);
  if (!'[{'.includes(opening)) return undefined;
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const char = text[at] ?? '';
    if ('[{'.includes(char)) depth++;
    else if (']}'.includes(char) && --depth === 0) return at;
    else if (char === '#' && /\s/.test(text[at - 1] ?? '')) at = lineEnd(text, at);
    else if ((char === '"' || char === "'") && /[\s[{,:]/.test(text[at - 1] ?? '')) {
      const end = endOfQuoted(text, at, char);
      if (end === undefined) return undefined;
      at = end;
    }
  }
  return undefined;
}

function endOfQuoted(text: string, start: number, quote: string): number | undefined {
  for (let at = start + 1; at < text.length; at++) {
    const isPair = text[at] === '\\' ? quote === '"' : text.startsWith("''", at) && quote === "'";
    if (isPair) at++;
    else if (text[at] === quote) return at;
  }
  return undefined;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}
