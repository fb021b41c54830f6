/** Files whose path matches a pattern with `*` and `?` in any of its parts, in order of name. */

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { matchesHost } from './ssh-pattern.ts';

export async function glob(pattern: string): Promise<string[]> {
  let paths = ['/'];
  for (const part of pattern.split('/').filter(Boolean)) {
    if (!/[*?]/.test(part)) paths = paths.map((path) => join(path, part));
    else paths = (await Promise.all(paths.map((path) => entries(path, part)))).flat();
  }
  const files = await Promise.all(
    paths.map((path) =>
      stat(path)
        .then((one) => one.isFile())
        .catch(() => false),
    ),
  );
  return paths.filter((_, index) => files[index]);
}

async function entries(path: string, pattern: string): Promise<string[]> {
  const names = await readdir(path).catch(() => []);
  const matching = names.filter((name) => !name.startsWith('.') && matchesHost(name, [pattern]));
  return matching.sort().map((name) => join(path, name));
}
