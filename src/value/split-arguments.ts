/**
 * Words of an argument text, split as Ansible does it (its split_args): at spaces and newlines, except within quotes
 * and within `{{ }}`, `{% %}` and `{# #}`. Extra spaces and newlines stay at the end of the word before them.
 */

import { Fault } from '../fault.ts';

/** Throws a Fault for unbalanced quotes or braces. */
export function splitArguments(text: string): readonly string[] {
  const splitter = new Splitter();
  const lines = text.split('\n');
  lines.forEach((line, index) => {
    const continued = splitter.line(line);
    if (index < lines.length - 1 && !continued) splitter.extend('\n');
  });
  if (splitter.isOpen()) {
    throw new Fault(
      'value-invalid',
      `failed at splitting arguments, either an unbalanced jinja2 block or quotes: ${text}`,
      {
        hint: 'write the arguments as a mapping, or quote the whole text',
      },
    );
  }
  return splitter.words;
}

const BLOCKS = [
  ['{{', '}}'],
  ['{%', '%}'],
  ['{#', '#}'],
] as const;

class Splitter {
  readonly words: string[] = [];
  readonly #depths = BLOCKS.map(() => 0);
  #quote: string | undefined;

  isOpen(): boolean {
    return this.#quote !== undefined || this.#inBlock();
  }

  /** Adds to the last word. */
  extend(text: string): void {
    const last = this.words.pop();
    if (last !== undefined) this.words.push(last + text);
  }

  /** True when the line ends in a lone backslash: it goes on in the next one. */
  line(line: string): boolean {
    let continued = false;
    const tokens = line.split(' ');
    tokens.forEach((token, index) => {
      if (token === '' && index > 0) this.extend(' ');
      else if (token === '\\' && this.#quote === undefined) continued = true;
      else this.#token(token, index, tokens.length);
    });
    return continued;
  }

  #token(token: string, index: number, count: number): void {
    const wasQuoted = this.#quote !== undefined;
    this.#quote = quoteAfter(token, this.#quote);
    const isQuoted = this.#quote !== undefined;
    let taken = false;
    if (isQuoted && !wasQuoted && !this.#inBlock()) {
      this.words.push(token);
      taken = true;
    } else if (this.#inBlock() || isQuoted || wasQuoted) {
      this.extend(glue(index, count, wasQuoted) + token);
      taken = true;
    }
    if (this.#count(token) && !taken) this.words.push(token);
    else if (!taken && !isQuoted && token !== '' && !this.#inBlock()) this.words.push(token);
  }

  /** Counts the delimiters of a token; true when a depth changed. */
  #count(token: string): boolean {
    let changed = false;
    BLOCKS.forEach(([open, close], kind) => {
      const before = this.#depths[kind] ?? 0;
      const after = Math.max(0, before + occurrences(token, open) - occurrences(token, close));
      this.#depths[kind] = after;
      changed ||= after !== before;
    });
    return changed;
  }

  #inBlock(): boolean {
    return this.#depths.some((depth) => depth > 0);
  }
}

/** What stands between a token and the word that it belongs to. */
function glue(index: number, count: number, wasQuoted: boolean): string {
  if (index === 0 && wasQuoted) return '';
  if (count > 1) return index > 0 ? ' ' : '';
  return '\n';
}

function quoteAfter(token: string, quote: string | undefined): string | undefined {
  let open = quote;
  for (let at = 0; at < token.length; at += 1) {
    const char = token[at];
    if ((char !== '"' && char !== "'") || (at > 0 && token[at - 1] === '\\')) continue;
    if (open === undefined) open = char;
    else if (open === char) open = undefined;
  }
  return open;
}

function occurrences(text: string, part: string): number {
  return text.split(part).length - 1;
}
