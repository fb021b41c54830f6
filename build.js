/**
 * Builds src/ into dist/: `engine.cjs`, one script with everything that a run needs, V8's compiled code of it
 * (`engine.cache`), `start.cjs`, which loads both, and the two public doors as ES modules.
 */

import { spawnSync } from 'node:child_process';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import standalone from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';

/** Ajv's validators as code: compiling them takes a third of the start of a play. */
const precompiled = {
  name: 'precompiled validators',
  setup({ onLoad }) {
    onLoad(
      { filter: /src\/(?:playbook|inventory|config|bake\/record|rollout\/state)\/shape-validators\.ts$/ },
      async ({ path }) => {
        const file = join('dist', `${basename(dirname(path))}-shape-validators.tmp.mjs`);
        await build({
          entryPoints: [path],
          outfile: file,
          bundle: true,
          format: 'esm',
          platform: 'node',
          packages: 'external',
        });
        const { makeCompiler, referenceOf, SHAPES } = await import(pathToFileURL(file).href);
        const references = Object.fromEntries(SHAPES.map((shape) => [shape, referenceOf(shape)]));
        const code = standalone.default(makeCompiler({ source: true, esm: true }), references);
        const validators = `const validators = { ${SHAPES.join(', ')} };\nexport const validator = (shape) => validators[shape];`;
        return { contents: `${code}\n${validators}`, loader: 'js', resolveDir: process.cwd() };
      },
    );
  },
};

/** A script cannot import: `start.cjs` does it for the engine. Packages that are not bundled are required. */
const importing = {
  name: 'importing',
  setup({ onLoad }) {
    onLoad({ filter: /src\/module\/import-file\.ts$/ }, () => ({
      contents: 'export const importFile = $import;',
      loader: 'js',
    }));
  },
};

/** Of ssh2 what a client needs, in plain JavaScript: its server, SFTP and native addons take longer to load than they save. */
const clientOfSsh2 = {
  name: 'client of ssh2',
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /ssh2\/lib\/index\.js$/ }, ({ path }) => ({
      contents: `module.exports = {
        Client: require('./client.js'),
        OpenSSHAgent: require('./agent.js').OpenSSHAgent,
        utils: { parseKey: require('./protocol/keyParser.js').parseKey },
      };`,
      resolveDir: dirname(path),
    }));
    onLoad({ filter: /ssh2\/lib\/protocol\/SFTP\.js$/ }, () => ({ contents: 'exports.SFTP = class SFTP {};' }));
    onResolve({ filter: /^cpu-features$|\.node$/ }, () => ({ path: 'absent', namespace: 'absent' }));
    onLoad({ filter: /./, namespace: 'absent' }, () => ({ contents: `throw new Error('left out');` }));
  },
};

const COMMON = {
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20.19',
  // Names stay, for stack traces that can be read. (`keepNames` would cost a call for every closure that is made.)
  minifyWhitespace: true,
  minifySyntax: true,
  define: { 'process.env.NODE_ENV': '"production"', 'import.meta.url': '$url' },
  legalComments: 'none',
  logLevel: 'warning',
};

const builds = await Promise.all([
  build({
    ...COMMON,
    entryPoints: ['src/engine.ts'],
    outfile: 'dist/engine.cjs',
    banner: { js: '(function (require, $import, $url, __filename, __dirname) { const module = { exports: {} };' },
    footer: { js: 'return module.exports; })' },
    // Large, and needed by few runs: loaded as packages when they are.
    external: ['@aws-sdk/*', '@smithy/*'],
    supported: { 'dynamic-import': false },
    plugins: [precompiled, importing, clientOfSsh2],
  }),
  build({ ...COMMON, entryPoints: ['src/cli/start.ts'], outfile: 'dist/start.cjs' }),
]);
if (builds.some(({ warnings }) => warnings.length > 0)) process.exitCode = 1;

const MADE = ['engine.cjs', 'start.cjs', 'engine.cache', 'playbake.js', 'module.js'];
for (const name of await readdir('dist')) {
  if (!MADE.includes(name) || name === 'engine.cache') await rm(join('dist', name), { recursive: true });
}

const { engine } = createRequire(import.meta.url)('./dist/start.cjs').load();
for (const door of ['playbake', 'module']) {
  const names = Object.keys(await engine[door]()).join(', ');
  await writeFile(
    `dist/${door}.js`,
    `import start from './start.cjs';\n\nexport const { ${names} } = await start.load().engine.${door}();\n`,
  );
}
// Without it, or with less of it, runs start slower and do the same.
const { status, stdout, stderr } = spawnSync(process.execPath, ['warm-up/warm-up.js'], { encoding: 'utf8' });
if (status !== 0)
  process.stderr.write(`${stdout}${stderr}warning: the warm-up did not end well; starts may be slower\n`);
