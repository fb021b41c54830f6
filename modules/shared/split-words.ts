/** Text into words as Python's `shlex.split` does it. Undefined where a quote is not closed or nothing is escaped. */
export function splitWords(text: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]!;
    if (/[ \t\r\n]/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === '\\') {
      at += 1;
      if (at >= text.length) return undefined;
      word = (word ?? '') + text[at];
    } else if (char === "'" || char === '"') {
      const end = closing(text, at);
      if (end < 0) return undefined;
      const inner = text.slice(at + 1, end);
      word = (word ?? '') + (char === '"' ? inner.replace(/\\(["\\])/g, '$1') : inner);
      at = end;
    } else word = (word ?? '') + char;
  }
  return word === undefined ? words : [...words, word];
}

function closing(text: string, start: number): number {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\' && quote === '"') at += 1;
    else if (text[at] === quote) return at;
  }
  return -1;
}
