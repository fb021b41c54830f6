export interface WrapOptions {
  readonly breakLong: boolean;
  readonly newline: string;
  readonly onHyphens: boolean;
}

/** Lines of at most `width` characters, as Python's `textwrap` makes them; existing lines stay apart. */
export function wordWrap(text: string, width: number, options: WrapOptions): string {
  return text
    .split('\n')
    .flatMap((line) => wrapLine(line, width, options))
    .join(options.newline);
}

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
  const pattern = onHyphens ? /\s+|[^\s-]*[^\s\d-]-+(?=\w)|\S+?(?=\s|$)|\S+/g : /\s+|\S+/g;
  for (const chunk of line.match(pattern) ?? []) put(chunk);
  return [...lines, current.trimEnd()];
}
