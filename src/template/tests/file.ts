/** Tests of files on this machine. */

import { lstatSync, realpathSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { str } from '../../value/text.ts';
import { type Test, type Tests, test } from '../language.ts';
import { look } from '../search-path.ts';

function lookAtLink(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

const pathTest = (holds: (path: string) => boolean): Test => test('', (value) => holds(str(value)));

const directory = pathTest((path) => look(path)?.isDirectory() ?? false);
const file = pathTest((path) => look(path)?.isFile() ?? false);
const link = pathTest((path) => lookAtLink(path)?.isSymbolicLink() ?? false);
const absolute = pathTest((path) => path.startsWith('/'));
const mount = pathTest((path) => {
  const [own, parent] = [lookAtLink(path), look(dirname(path))];
  if (!own || !parent || own.isSymbolicLink()) return false;
  return own.dev !== parent.dev || own.ino === parent.ino;
});
const same = test('path', (value, args) => {
  const [left, right] = [str(value), args.text('path')];
  return look(left) !== undefined && look(right) !== undefined && realpathSync(left) === realpathSync(right);
});

export const FILE_TESTS: Tests = {
  directory,
  is_dir: directory,
  file,
  is_file: file,
  link,
  is_link: link,
  exists: pathTest((path) => look(path) !== undefined),
  link_exists: pathTest((path) => lookAtLink(path) !== undefined),
  abs: absolute,
  is_abs: absolute,
  mount,
  is_mount: mount,
  same_file: same,
  is_same_file: same,
};
