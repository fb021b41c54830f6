/** Bundles src/ into dist/: one small chunk for the start, the rest in chunks that load when a verb needs them. */

import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import standalone from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';

/** Ajv's validators as code: compiling them takes a third of the start of a play. */
const precompiled = {
  name: 'precompiled validators',
  setup({ onLoad }) {
    onLoad({ filter: /src\/(?:playbook|inventory)\/shape-validators\.ts$/ }, async ({ path }) => {
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
    });
  },
};

const { warnings, metafile } = await build({
  entryPoints: { cli: 'src/cli/main.ts', playbake: 'src/playbake.ts', module: 'src/module/module.ts' },
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // Names stay, for stack traces that can be read. (`keepNames` would cost a call for every closure that is made.)
  minifyWhitespace: true,
  minifySyntax: true,
  // ssh2 loads an optional native addon and its own files at run time.
  external: ['ssh2', 'cpu-features'],
  define: { 'process.env.NODE_ENV': '"production"' },
  // Bundled CommonJS packages call require() for Node's own modules.
  banner: { js: "import{createRequire as $require}from'node:module';const require=$require(import.meta.url);" },
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
  plugins: [precompiled],
});
if (warnings.length > 0) process.exitCode = 1;

// Chunks of earlier builds go last, so that a build that fails leaves the old one whole.
const made = new Set(Object.keys(metafile.outputs));
for (const entry of await readdir('dist', { recursive: true, withFileTypes: true })) {
  const file = join(entry.parentPath, entry.name);
  if (entry.isFile() && !made.has(file)) await rm(file);
}
