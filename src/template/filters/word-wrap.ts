import { PythonError } from '../../value/python-error.ts';

export interface WrapOptions {
  readonly breakLong: boolean;
  readonly newline: string;
  readonly onHyphens: boolean;
}

/** Lines of at most `width` characters, as Python's `textwrap` makes them; existing lines stay apart. */
export function wordWrap(text: string, width: number, options: WrapOptions): string {
  if (!(width >= 1)) throw new PythonError(`invalid width ${width} (must be > 0)`);
  return text
    .split('\n')
    .flatMap((line) => wrapLine(line, width, options))
    .join(options.newline);
}

/** Blanks, dashes and words; words may be cut after a hyphen between letters. From Python's `textwrap`. */
const WORDS =
  /\s+|(?<=[\w!"'&.,?])-{2,}(?=\w)|\S+?(?:-(?:(?<=\p{L}{2}-)|(?<=\p{L}-\p{L}-))(?=\p{L}-?\p{L})|(?=\s|$)|(?<=[\w!"'&.,?])(?=-{2,}\w))/gu;

function wrapLine(line: string, width: number, { breakLong, onHyphens }: WrapOptions): string[] {
  const lines: string[] = [];
  let current = '';
  const put = (chunk: string): void => {
    if (current.length + chunk.trimEnd().length <= width) {
      current += chunk;
      return;
    }
    if (current.trim() !== '') lines.push(current.trimEnd());
    current = chunk.trimStart();
    while (breakLong && current.trimEnd().length > width) {
      lines.push(current.slice(0, width));
      current = current.slice(width);
    }
  };
  const pattern = onHyphens ? WORDS : /\s+|\S+/g;
  for (const chunk of line.match(pattern) ?? []) put(chunk);
  return [...lines, current.trimEnd()];
}
