/** Filters on paths: of hosts, that is with `/`; `win_…` with either slash. */

import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { posix, resolve, win32 } from 'node:path';
import { tupleOf } from '../../value/arithmetic.ts';
import { itemsOf } from '../../value/iterate.ts';
import { PythonError } from '../../value/python-error.ts';
import { isTermList, type Term } from '../../value/term.ts';
import { str } from '../../value/text.ts';
import { type Filters, filter } from '../language.ts';
import { glob } from '../lookups/files.ts';
import { exists } from '../search-path.ts';

const head = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

function dirname(path: string): string {
  const directory = head(path);
  return /^\/*$/.test(directory) ? directory : directory.replace(/\/+$/, '');
}

/** The extension, which is none for a name that begins with its only dots. */
function splitExtension(path: string): readonly [string, string] {
  const name = path.slice(head(path).length);
  const dot = name.lastIndexOf('.');
  if (dot < 0 || /^\.*$/.test(name.slice(0, dot))) return [path, ''];
  const cut = path.length - name.length + dot;
  return [path.slice(0, cut), path.slice(cut)];
}

function join(parts: readonly Term[]): string {
  return parts.map(str).reduce((path, part) => {
    if (part.startsWith('/')) return part;
    return path === '' || path.endsWith('/') ? path + part : `${path}/${part}`;
  });
}

function normalize(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 ? normal.replace(/\/$/, '') : normal;
}

function commonPath(paths: readonly string[]): string {
  const [first, ...rest] = paths.map((path) => path.split('/').filter((part) => part !== '' && part !== '.'));
  if (!first) throw new PythonError('commonpath() arg is an empty sequence');
  const absolute = paths.filter((path) => path.startsWith('/')).length;
  if (absolute > 0 && absolute < paths.length) throw new PythonError("Can't mix absolute and relative paths");
  const differs = first.findIndex((part, index) => rest.some((other) => other[index] !== part));
  return (absolute > 0 ? '/' : '') + first.slice(0, differs < 0 ? first.length : differs).join('/');
}

const expandUser = (path: string): string => path.replace(/^~(?=\/|$)/, homedir());

function splitDrive(path: string): Term {
  const [, drive = '', rest = ''] = /^([A-Za-z]:|[\\/]{2}[^\\/]+[\\/][^\\/]+)?(.*)$/s.exec(path) ?? [];
  return tupleOf([drive, rest]);
}

const textFilter = (work: (path: string) => string) => filter('', (value) => work(str(value)));

export const PATH_FILTERS: Filters = {
  fileglob: filter('', (value) => glob(posix.dirname(str(value)), posix.basename(str(value)))),
  basename: textFilter((path) => path.slice(head(path).length)),
  dirname: textFilter(dirname),
  splitext: filter('', (value) => tupleOf(splitExtension(str(value)))),
  normpath: textFilter(normalize),
  relpath: filter('start', (value, args) => posix.relative(args.text('start', '.'), str(value)) || '.'),
  path_join: filter('*', (value, args) => join(isTermList(value) ? value : [value, ...args.rest])),
  commonpath: filter('', (value) => commonPath(itemsOf(value).map(str))),
  expanduser: textFilter(expandUser),
  expandvars: textFilter((text) =>
    text.replace(
      /\$(\w+)|\$\{(\w+)\}/g,
      (all, name?: string, braced?: string) => process.env[name ?? braced ?? ''] ?? all,
    ),
  ),
  realpath: textFilter((path) => {
    const full = resolve(expandUser(path));
    return exists(full) ? realpathSync(full) : full;
  }),
  win_basename: textFilter((path) => win32.basename(path)),
  win_dirname: textFilter((path) => win32.dirname(path)),
  win_splitdrive: filter('', (value) => splitDrive(str(value))),
};
