import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ResultData } from '../../play/events.ts';

/** Modules whose results name a path that they only look at. */
const LOOKING: ReadonlySet<string> = new Set([
  'stat',
  'slurp',
  'wait_for',
  'find',
  'fetch',
  'setup',
  'uri',
  'tempfile',
]);

/** Paths of a machine that a module says it has put; of a directory that was copied from here, what it holds. */
export function filesPut(action: string, result: ResultData): readonly string[] {
  if (LOOKING.has(action.replace(/^ansible\.(builtin|legacy)\./, '')) || result['state'] === 'absent') return [];
  const { dest, path, src } = result;
  const target = typeof dest === 'string' ? dest : path;
  if (typeof target !== 'string' || !target.startsWith('/')) return [];
  if (!target.endsWith('/') || typeof src !== 'string' || !isDirectory(src)) return [tidy(target)];
  const into = src.endsWith('/') ? target : join(target, basename(src));
  return treeOf(src).map((name) => join(into, name));
}

const tidy = (path: string): string => (path.length > 1 ? path.replace(/\/+$/, '') : path);

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Files below a directory, links as what they lead to. */
function treeOf(directory: string): readonly string[] {
  return readdirSync(directory).flatMap((name) => {
    const inside = join(directory, name);
    return isDirectory(inside) ? treeOf(inside).map((rest) => join(name, rest)) : [name];
  });
}
