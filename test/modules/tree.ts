/** Files as cases describe them: made before a run, read back after it. */

import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Dict, Value } from '../../src/value/value.ts';
import { isDict } from '../../src/value/value.ts';

/**
 * Makes what `tree` names under `root`: text is a file's content, a dictionary has `content`, `dir: yes`, `link`, `hard`
 * and `mode`, `owner`, `mtime` (seconds).
 */
export function makeTree(root: string, tree: Dict): void {
  for (const [name, described] of tree) {
    const path = join(root, String(name));
    mkdirSync(dirname(path), { recursive: true });
    const entry = isDict(described) ? described : new Map<Value, Value>([['content', described]]);
    makeEntry(root, path, entry);
  }
}

function makeEntry(root: string, path: string, entry: Dict): void {
  const link = entry.get('link');
  const hard = entry.get('hard');
  if (link !== undefined) symlinkSync(String(link), path);
  else if (hard !== undefined) linkSync(join(root, String(hard)), path);
  else if (entry.get('dir')) mkdirSync(path, { recursive: true });
  else writeFileSync(path, contentOf(entry));
  if (link !== undefined || hard !== undefined) return;
  const owner = entry.get('owner');
  if (owner !== undefined) chownSync(path, Number(owner), Number(entry.get('group') ?? owner));
  chmodSync(path, Number.parseInt(String(entry.get('mode') ?? (entry.get('dir') ? '0755' : '0644')), 8));
  const mtime = entry.get('mtime');
  if (mtime !== undefined) utimesSync(path, Number(mtime), Number(mtime));
}

function contentOf(entry: Dict): string {
  const repeat = entry.get('repeat');
  const content = String(entry.get('content') ?? '');
  return repeat === undefined ? content : content.repeat(Number(repeat));
}

export interface Found {
  readonly type: 'file' | 'dir' | 'link' | 'other';
  readonly mode: string;
  readonly owner: number;
  readonly group: number;
  readonly content?: string;
  readonly link?: string;
  readonly inode: number;
  readonly mtime: number;
}

export function look(path: string): Found | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat) return undefined;
  const type = stat.isSymbolicLink() ? 'link' : stat.isDirectory() ? 'dir' : stat.isFile() ? 'file' : 'other';
  return {
    type,
    mode: (stat.mode & 0o7777).toString(8).padStart(4, '0'),
    owner: stat.uid,
    group: stat.gid,
    inode: stat.ino,
    mtime: stat.mtimeMs,
    ...(type === 'file' && { content: readFileSync(path, 'latin1') }),
    ...(type === 'link' && { link: readlinkSync(path) }),
  };
}

/** Everything under `root`, so that two looks can be compared. */
export function snapshot(root: string): ReadonlyMap<string, Found | undefined> {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();
  return new Map(['.', ...names].map((name) => [name, look(join(root, name))]));
}
