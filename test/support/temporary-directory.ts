import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes a directory before the tests of a suite and removes it after them; gives its path then. */
export function temporaryDirectory(): () => string {
  let path = '';
  before(async () => {
    path = await mkdtemp(join(tmpdir(), 'playbake-test-'));
  });
  after(() => rm(path, { recursive: true, force: true }));
  return () => path;
}
