/** Lines of at most `width` characters, broken as Python's `textwrap.wrap` breaks them (Ansible wraps its warnings so). */
export function wrap(text: string, width: number): string[] {
  const chunks = text.replaceAll('\t', '        ').replace(/\s/g, ' ').split(CHUNKS).filter(Boolean).reverse();
  const lines: string[] = [];
  while (chunks.length > 0) {
    if (lines.length > 0 && isBlank(chunks.at(-1))) chunks.pop();
    const line = take(chunks, width);
    if (isBlank(line.at(-1))) line.pop();
    if (line.length > 0) lines.push(line.join(''));
  }
  return lines;
}

/** textwrap's own: blanks, dashes between words, words, and parts of words up to a hyphen. */
const [WORD, LETTER] = ['[\\p{L}\\p{N}_]', '[\\p{L}_]'];
const DASHES = `(?<=[\\p{L}\\p{N}_!"'&.,?])-{2,}(?=${WORD})`;
const PART = `-(?:(?<=${LETTER}{2}-)|(?<=${LETTER}-${LETTER}-))(?=${LETTER}-?${LETTER})`;
const CHUNKS = new RegExp(`( +|${DASHES}|[^ ]+?(?:${PART}|(?= |$)|(?=${DASHES})))`, 'u');

function take(chunks: string[], width: number): string[] {
  const line: string[] = [];
  let length = 0;
  while (chunks.length > 0 && length + chunks.at(-1)!.length <= width) {
    length += chunks.at(-1)!.length;
    line.push(chunks.pop()!);
  }
  const next = chunks.at(-1);
  if (next !== undefined && next.length > width) {
    const end = breakOf(next, width - length);
    line.push(next.slice(0, end));
    chunks[chunks.length - 1] = next.slice(end);
  }
  return line;
}

/** Where a word that is too long for any line is cut: after its last hyphen that still fits. */
function breakOf(word: string, space: number): number {
  const hyphen = word.slice(0, space).lastIndexOf('-');
  return hyphen > 0 && /[^-]/.test(word.slice(0, hyphen)) ? hyphen + 1 : space;
}

function isBlank(chunk: string | undefined): boolean {
  return chunk !== undefined && chunk.trim() === '';
}
