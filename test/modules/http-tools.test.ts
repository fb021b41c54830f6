import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readCases } from './read-cases.ts';
import { startServer } from './web-server.ts';

const cases = readCases(fileURLToPath(new URL('cases', import.meta.url))).filter(({ module }) =>
  ['uri', 'get_url'].includes(module),
);

/** Where one tool is all that the host has, by its path; `left out`: what it cannot do. */
const TOOLS = [
  { name: 'wget', path: '/usr/bin/wget', without: [/nobody is there/, /sum is missing/] },
  { name: 'python3', path: '/usr/bin/python3', without: [/nobody is there/] },
  {
    name: 'wget',
    path: '/usr/bin/busybox',
    without: [
      /nobody is there/,
      /another status/,
      /statuses/,
      /sends/,
      /stays/,
      /says who/,
      /forced/,
      /not older/,
      /^downloads$/,
      /cookies/,
      /where it is sent/,
    ],
  },
];

describe('module cases about HTTP without curl', () => {
  const directory = mkdtempSync(join(tmpdir(), 'playbake-http-'));
  after(() => rmSync(directory, { recursive: true }));
  for (const [index, tool] of TOOLS.entries()) {
    if (!existsSync(tool.path) || !existsSync('/usr/bin/busybox')) continue;
    describe(`with ${tool.path}`, () => {
      let run: (one: (typeof cases)[number]) => Promise<void>;
      let close = () => {};
      before(async () => {
        const shell = shellWith(join(directory, String(index)), tool);
        const [{ runCase }, { language }, { openSession }] = await Promise.all([
          import('./runner.ts'),
          import('./language.ts'),
          import('./local-host.ts'),
        ]);
        const server = await startServer();
        const session = openSession(shell);
        run = (one) => runCase(one, { session, directory, language, server: server.url });
        close = () => {
          void session.close();
          server.close();
        };
      });
      after(() => close());
      for (const one of cases.filter(({ name }) => !tool.without.some((pattern) => pattern.test(name)))) {
        it(`${one.module}: ${one.name}`, () => run(one));
      }
    });
  }
});

/** A shell whose PATH has coreutils and this tool, and nothing else that speaks HTTP. */
function shellWith(base: string, { name, path }: { readonly name: string; readonly path: string }): string {
  const bin = join(base, 'bin');
  mkdirSync(bin, { recursive: true });
  for (const tool of readdirSync('/usr/bin')) {
    if (!/^(?:curl|wget|python.*|perl)$/.test(tool)) symlinkSync(join('/usr/bin', tool), join(bin, tool));
  }
  symlinkSync(path, join(bin, name));
  const shell = join(base, 'sh');
  writeFileSync(shell, `#!/bin/sh\nPATH=${bin} exec /bin/sh "$@"\n`);
  chmodSync(shell, 0o755);
  return shell;
}
