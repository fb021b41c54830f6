import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Engine } from './engine.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const PLAY = join(ROOT, 'bin/play.js');

export const playbake: Engine = {
  name: 'playbake',
  lacks: async () => (existsSync(join(ROOT, 'dist/engine.cjs')) ? undefined : 'it is not built: npm run build'),
  command: async (work, { inventory, playbook }) => {
    if (work === 'version') return { words: [process.execPath, PLAY, '--version'] };
    const check = work === 'syntax' ? ['--syntax-check'] : [];
    return { words: [process.execPath, PLAY, ...check, '-i', inventory, playbook] };
  },
};
