import { PythonError } from '../../value/python-error.ts';
import { str } from '../../value/text.ts';
import type { Named } from '../callable.ts';

interface Style {
  readonly decoration: string;
  readonly beginning?: string;
  readonly end?: string;
}

const STYLES: ReadonlyMap<string, Style> = new Map<string, Style>([
  ['plain', { decoration: '# ' }],
  ['erlang', { decoration: '% ' }],
  ['c', { decoration: '// ' }],
  ['cblock', { beginning: '/*', decoration: ' * ', end: ' */' }],
  ['xml', { beginning: '<!--', decoration: ' - ', end: '-->' }],
]);

/** Ansible's filter `comment`: each line decorated, with an empty decorated line before and after. */
export function commentText(text: string, name: string, settings: Named): string {
  const style = STYLES.get(name);
  if (!style) throw new PythonError(`Invalid comment style '${name}'`);
  const setting = (key: string, fallback: string): string => {
    const given = settings.get(key);
    return given === undefined ? fallback : str(given);
  };
  const decoration = setting('decoration', style.decoration);
  const newline = setting('newline', '\n');
  const beginning = setting('beginning', style.beginning ?? '');
  const end = setting('end', style.end ?? '');
  const prefix = setting('prefix', decoration.trimEnd());
  const postfix = setting('postfix', decoration.trimEnd());
  const repeated = (text: string, count: string): readonly string[] =>
    Array.from({ length: Number(count) }, () => text);
  const bare = prefix === newline ? '' : prefix;
  const before = repeated(bare, prefix === '' ? '0' : setting('prefix_count', '1'));
  const after = repeated(postfix, postfix === '' ? '0' : setting('postfix_count', '1'));
  const lines = text.split(newline);
  // The last line keeps the blank of its decoration, even when there is nothing else on it.
  const body = lines.map((line, index) => {
    const last = index === lines.length - 1;
    return line === '' && !last ? decoration.trimEnd() : decoration + line;
  });
  return [...given(beginning), ...before, ...body, ...after, ...given(end)].join(newline);
}

const given = (text: string): readonly string[] => (text === '' ? [] : [text]);
