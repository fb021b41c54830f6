/** Lookups in tables of text files: CSV and INI. */

import { pyRegex } from '../../value/py-regex.ts';
import { PythonError } from '../../value/python-error.ts';
import { str } from '../../value/text.ts';
import type { Value } from '../../value/value.ts';
import type { SearchPath } from '../search-path.ts';
import { flagOption, type Lookup, parseSettings, textOption } from './lookup.ts';

function read(searchPath: SearchPath, name: string): string {
  const found = searchPath.read(name, 'files');
  if (!found) throw new PythonError(`could not find the file '${name}' of a lookup`);
  return found.text;
}

/** The column of the first row whose first column is the term. */
const csvfile: Lookup = (terms, options, { templar }) =>
  terms.flatMap((term) => {
    const { words, settings } = parseSettings(str(term));
    const option = (name: string, fallback: string): string =>
      settings.get(name) ?? textOption(options, name, fallback);
    const delimiter = option('delimiter', 'TAB');
    const rows = parseCsv(
      read(templar.searchPath, option('file', 'ansible.csv')),
      delimiter === 'TAB' ? '\t' : delimiter,
    );
    const row = rows.find(([key]) => key === words);
    const cell: Value | undefined = row?.[Number(option('col', '1'))] ?? options.get('default');
    return cell === undefined || cell === null ? [] : [cell];
  });

function parseCsv(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const cell = new RegExp(
    `("(?:[^"]|"")*"|[^\\n\\r${delimiter.replace(/[\]\\^-]/g, '\\$&')}]*)(\\r?\\n|[\\s\\S]|$)`,
    'y',
  );
  for (let found = cell.exec(text); found && cell.lastIndex <= text.length; found = cell.exec(text)) {
    const [, raw = '', end = ''] = found;
    row.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw);
    if (end === delimiter) continue;
    rows.push(row);
    row = [];
    if (end === '' || cell.lastIndex >= text.length) break;
  }
  return rows;
}

/** The value of a key in a section. */
const ini: Lookup = (terms, options, { templar }) =>
  terms.flatMap((term) => {
    const { words, settings } = parseSettings(str(term));
    const option = (name: string, fallback: string): string =>
      settings.get(name) ?? textOption(options, name, fallback);
    const properties = option('type', 'ini') === 'properties';
    const text = read(templar.searchPath, option('file', 'ansible.ini'));
    const section = parseIni(properties ? `[global]\n${text}` : text).get(
      properties ? 'global' : option('section', 'global'),
    );
    if (flagOption(options, 're', false)) {
      const pattern = pyRegex(words);
      return [...(section ?? [])].filter(([key]) => pattern.test(key)).map(([, value]) => value);
    }
    const key = flagOption(options, 'case_sensitive', false) ? words : words.toLowerCase();
    const value = section?.get(key) ?? options.get('default') ?? '';
    return [value];
  });

function parseIni(text: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  let last: string | undefined;
  for (const line of text.split('\n')) {
    const [, name] = /^\[([^\]]+)\]/.exec(line) ?? [];
    const [, key, value] = /^([^=:\s][^=:]*?)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined) {
      section = sections.get(name) ?? new Map<string, string>();
      sections.set(name, section);
      last = undefined;
    } else if (/^\s*[#;]/.test(line) || line.trim() === '') continue;
    else if (/^\s/.test(line) && section && last !== undefined)
      section.set(last, `${section.get(last)}\n${line.trim()}`);
    else if (key !== undefined && value !== undefined && section) {
      last = key.toLowerCase();
      section.set(last, value);
    }
  }
  return sections;
}

export const TABLE_LOOKUPS: Readonly<Record<string, Lookup>> = { csvfile, ini };
