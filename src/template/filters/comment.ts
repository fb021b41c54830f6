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
  const before = Array.from({ length: prefix === '' ? 0 : Number(setting('prefix_count', '1')) }, () => prefix);
  const after = Array.from({ length: postfix === '' ? 0 : Number(setting('postfix_count', '1')) }, () => postfix);
  const lines = text.split(newline).map((line) => (line === '' ? decoration.trimEnd() : decoration + line));
  const parts = [...(beginning === '' ? [] : [beginning]), ...before, ...lines, ...after, ...(end === '' ? [] : [end])];
  return parts.join(newline);
}
