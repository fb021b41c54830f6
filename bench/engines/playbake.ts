import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Engine } from './engine.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const PLAY = join(ROOT, 'bin/play.js');

export const playbake: Engine = {
  name: 'playbake',
  lacks: async () => (existsSync(join(ROOT, 'dist/engine.cjs')) ? undefined : 'it is not built: npm run build'),
  command: async (work, { inventory, playbook }) => ({
    words: [process.execPath, PLAY, ...(work === 'version' ? ['--version'] : ['-i', inventory, playbook])],
  }),
};
