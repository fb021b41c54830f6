import { isAbsolute, relative } from 'node:path';
import type { Where } from '../fault.ts';

/** `file:line:column`, the file relative to `directory` where it lies below it. */
export function place({ file, line, column }: Where, directory: string): string {
  const near = isAbsolute(file) ? relative(directory, file) : file;
  const shown = near.startsWith('..') || near === '' ? file : near;
  return [shown, line, column].filter((part) => part !== undefined).join(':');
}
