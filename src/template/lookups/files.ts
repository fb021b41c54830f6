/** Lookups that read files of this machine. */

import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { PythonError } from '../../value/python-error.ts';
import { str } from '../../value/text.ts';
import { type Dict, isDict, isList, type Value } from '../../value/value.ts';
import { layer } from '../layer.ts';
import { childProcess } from '../on-demand.ts';
import { look, type SearchPath } from '../search-path.ts';
import type { Templar } from '../templar.ts';
import { flagOption, type Lookup } from './lookup.ts';
import { readsAs } from './reads-as.ts';

function mustRead(searchPath: SearchPath, name: string, folder: 'files' | 'templates'): { text: string; path: string } {
  const found = searchPath.read(name, folder);
  if (found) return found;
  const places = searchPath.candidates(name, folder);
  throw new PythonError(`could not find the file '${name}'; looked at ${places.join(', ') || 'no directory'}`);
}

/** The text of files, without the blanks at their end. */
const file: Lookup = (terms, options, { templar }) =>
  terms.map((term) => {
    const { text } = mustRead(templar.searchPath, str(term), 'files');
    const left = flagOption(options, 'lstrip', false) ? text.trimStart() : text;
    return flagOption(options, 'rstrip', true) ? left.trimEnd() : left;
  });

/** The text of rendered template files. */
const template: Lookup = (terms, options, { templar, scope }) =>
  terms.map((term) => {
    const { text, path } = mustRead(templar.searchPath, str(term), 'templates');
    const given = options.get('template_vars');
    const variables = isDict(given) ? scope.with(layer(given)) : scope;
    const rendered = templar.file(text, path, variables, {
      ...readsAs(options, 'variable_start_string', 'variableStart'),
      ...readsAs(options, 'variable_end_string', 'variableEnd'),
      ...readsAs(options, 'comment_start_string', 'commentStart'),
      ...readsAs(options, 'comment_end_string', 'commentEnd'),
    });
    return rendered;
  });

/** Files that match patterns: the first directory with any counts. */
const fileglob: Lookup = (terms, _options, { templar }) =>
  terms.flatMap((term) => {
    const pattern = str(term);
    for (const place of templar.searchPath.candidates(pattern, 'files')) {
      const found = glob(dirname(place), basename(place));
      templar.onRead?.({ kind: 'glob', path: place, found: found.map((path) => basename(path)) });
      if (found.length > 0) return found;
    }
    return [];
  });

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

export function glob(directory: string, pattern: string): string[] {
  const matches = globPattern(pattern);
  return namesIn(directory)
    .filter((name) => matches.test(name) && (pattern.startsWith('.') || !name.startsWith('.')))
    .map((name) => join(directory, name))
    .filter((path) => look(path)?.isFile() ?? false)
    .sort();
}

/** A shell pattern with `*`, `?` and `[…]` as a regular expression. */
export function globPattern(pattern: string): RegExp {
  const source = pattern.replace(/\[!?[^\]]+\]|[\s\S]/g, (part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    if (part.length > 1) return part.replace(/^\[!/, '[^').replaceAll('\\', '\\\\');
    return part.replace(/[.+^${}()|[\]\\]/, '\\$&');
  });
  return new RegExp(`^${source}$`, 's');
}

/** The path of the first file that exists. */
const firstFound: Lookup = (terms, options, { templar }) => {
  const { names, skip } = searched(terms, options);
  for (const name of names) {
    const folders = ['files', 'templates', 'vars'] as const;
    const found = folders.map((folder) => templar.searchPath.find(name, folder)).find((path) => path !== undefined);
    if (found !== undefined) return [found];
  }
  if (skip || flagOption(options, 'skip', false)) return [];
  throw new PythonError(`no file was found by first_found; looked for ${names.join(', ')}`);
};

/** The names that first_found tries: each path with each file. */
function searched(
  terms: readonly Value[],
  options: Dict,
): { readonly names: readonly string[]; readonly skip: boolean } {
  const names: string[] = [];
  let skip = false;
  for (const term of terms) {
    if (isList(term)) {
      const inner = searched(term, options);
      names.push(...inner.names);
      skip ||= inner.skip;
      continue;
    }
    const settings = isDict(term) ? term : options;
    skip ||= flagOption(settings, 'skip', false);
    const files = splitNames(settings.get('files'), /[,;]/);
    const paths = splitNames(settings.get('paths'), /[,:;]/);
    if (paths.length > 0) names.push(...paths.flatMap((path) => files.map((name) => join(path, name))));
    else if (files.length > 0) names.push(...files);
    else if (!isDict(term)) names.push(str(term));
  }
  return { names, skip };
}

function splitNames(value: Value | undefined, separator: RegExp): readonly string[] {
  const values = isList(value) ? value : value === undefined || value === null ? [] : [value];
  return values.flatMap((one) => str(one).split(separator)).filter((name) => name !== '');
}

function run(command: string, { searchPath, onRead }: Templar): string {
  const directory = searchPath.first;
  const output = outputOf(command, directory);
  onRead?.({ kind: 'command', command, directory, output });
  return output;
}

/** What a command of a lookup writes. Throws a PythonError when it fails. */
export function outputOf(command: string, directory: string | undefined): string {
  try {
    return childProcess().execFileSync('/bin/sh', ['-c', command], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(directory === undefined ? {} : { cwd: directory }),
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PythonError(`the command of a lookup failed: ${reason.trim()}`);
  }
}

export const FILE_LOOKUPS: Readonly<Record<string, Lookup>> = {
  file,
  template,
  fileglob,
  first_found: firstFound,
  /** The output of commands on this machine, without the newlines at its end. */
  pipe: (terms, _options, { templar }) => terms.map((term) => run(str(term), templar).replace(/\s+$/, '')),
  lines: (terms, _options, { templar }) =>
    terms.flatMap((term) => run(str(term), templar).replace(/\n$/, '').split('\n')),
};
