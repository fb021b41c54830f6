import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Session } from '../../src/connection/session.ts';
import { type Case, isFor, readCases } from './read-cases.ts';
import { availableShells, type Shell } from './shells.ts';
import { startServer } from './web-server.ts';

const directory = mkdtempSync(join(tmpdir(), 'playbake-cases-'));
const only = process.env['CASES'] ?? '';
const cases = readCases(fileURLToPath(new URL('cases', import.meta.url))).filter((one) =>
  `${one.module}: ${one.name}`.includes(only),
);
const shells = availableShells(directory);

// What runs a case is imported, not required as mocha does it: modules are imported too, and must meet the same classes.
const load = () => Promise.all([import('./runner.ts'), import('./language.ts'), import('./local-host.ts')]);

describe(`module cases in ${shells.map(({ name }) => name).join(', ')}`, () => {
  const sessions = new Map<Shell, Session>();
  let server: Awaited<ReturnType<typeof startServer>>;
  before(async () => {
    const [, , { openSession }] = await load();
    for (const shell of shells) sessions.set(shell, openSession(shell.path));
    server = await startServer();
  });
  after(async () => {
    await Promise.all([...sessions.values()].map((session) => session.close()));
    server.close();
    rmSync(directory, { recursive: true });
  });

  /** The shells run side by side: most of the time goes by waiting for them. */
  async function tryIn(one: Case): Promise<void> {
    const [{ runCase }, { language }] = await load();
    const own = shells.filter(({ name }) => isFor(one, name));
    const runs = own.map(async (shell) => {
      const session = sessions.get(shell);
      if (!session) throw new Error(`${shell.name} is not open`);
      await runCase(one, { session, directory, language, server: server.url });
    });
    const settled = await Promise.allSettled(runs);
    for (const [index, run] of settled.entries()) {
      if (run.status === 'fulfilled') continue;
      const error: unknown = run.reason;
      if (error instanceof Error) error.message = `in ${own[index]?.name}: ${error.message}`;
      throw error;
    }
  }

  for (const one of cases) {
    if (!shells.some(({ name }) => isFor(one, name))) continue;
    it(`${one.module}: ${one.name}`, () => tryIn(one));
  }
});
