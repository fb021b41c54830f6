/** Text split into words as Python's `shlex.split` does it; quotes vanish, `#` may begin a comment. */

export interface ShellWord {
  readonly text: string;
  /** Offset of the word in the text. */
  readonly start: number;
}

/** Undefined when a quote is not closed, or the text ends in a backslash. */
export function shellWords(text: string, { comments = false } = {}): readonly ShellWord[] | undefined {
  const words: ShellWord[] = [];
  let word: string | undefined;
  let start = 0;
  let quote = '';
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? '';
    if (quote !== '') {
      if (character === quote) quote = '';
      else if (character === '\\' && quote === '"' && /["\\]/.test(text[index + 1] ?? '')) word += text[++index] ?? '';
      else word += character;
      continue;
    }
    if (/[ \t\r\n]/.test(character)) {
      if (word !== undefined) words.push({ text: word, start });
      word = undefined;
      continue;
    }
    if (character === '#' && comments) break;
    if (word === undefined) {
      word = '';
      start = index;
    }
    if (character === '"' || character === "'") quote = character;
    else if (character !== '\\') word += character;
    else if (index + 1 === text.length) return undefined;
    else word += text[++index] ?? '';
  }
  if (quote !== '') return undefined;
  if (word !== undefined) words.push({ text: word, start });
  return words;
}
