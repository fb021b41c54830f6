/** Words of a command line as a POSIX shell splits them, without expansions; `"a b"c` is one word. */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  for (const [word] of line.matchAll(/(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/gs)) words.push(unquote(word));
  return words;
}

function unquote(word: string): string {
  return word.replace(
    /\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'/gs,
    (_, escaped?: string, double?: string, single?: string) => {
      return escaped ?? single ?? (double ?? '').replace(/\\(["\\$`])/g, '$1');
    },
  );
}
