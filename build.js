/** Bundles src/ into dist/: one small chunk for the start, the rest in chunks that load when a verb needs them. */

import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

await rm('dist', { recursive: true, force: true });
const { warnings } = await build({
  entryPoints: { cli: 'src/cli/main.ts', playbake: 'src/playbake.ts', module: 'src/module/module.ts' },
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minify: true,
  // Names of classes and functions stay, for stack traces that can be read.
  keepNames: true,
  // ssh2 loads an optional native addon and its own files at run time.
  external: ['ssh2', 'cpu-features'],
  define: { 'process.env.NODE_ENV': '"production"' },
  // Bundled CommonJS packages call require() for Node's own modules.
  banner: { js: "import{createRequire as $require}from'node:module';const require=$require(import.meta.url);" },
  legalComments: 'none',
  logLevel: 'warning',
});
if (warnings.length > 0) process.exitCode = 1;
