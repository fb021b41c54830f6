import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Session } from '../../src/connection/session.ts';
import { isFor, readCases } from './read-cases.ts';
import { availableShells } from './shells.ts';
import { startServer } from './web-server.ts';

const directory = mkdtempSync(join(tmpdir(), 'playbake-cases-'));
const only = process.env['CASES'] ?? '';
const cases = readCases(fileURLToPath(new URL('cases', import.meta.url))).filter((one) =>
  `${one.module}: ${one.name}`.includes(only),
);

// What runs a case is imported, not required as mocha does it: modules are imported too, and must meet the same classes.
const run = () => Promise.all([import('./runner.ts'), import('./language.ts'), import('./local-host.ts')]);

describe('module cases', () => {
  let server: Awaited<ReturnType<typeof startServer>>;
  before(async () => {
    server = await startServer();
  });
  after(() => {
    server.close();
    rmSync(directory, { recursive: true });
  });
  for (const shell of availableShells(directory)) {
    describe(shell.name, () => {
      let session: Session;
      before(async () => {
        const [, , { openSession }] = await run();
        session = openSession(shell.path);
      });
      after(() => session.close());
      for (const one of cases.filter((each) => isFor(each, shell.name))) {
        it(`${one.module}: ${one.name}`, async () => {
          const [{ runCase }, { language }] = await run();
          await runCase(one, { session, shell: shell.name, directory, language, server: server.url });
        });
      }
    });
  }
});
