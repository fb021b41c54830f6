import { module } from '../src/module/module.ts';
import { PACMAN_OPTIONS, PACMAN_STATES, PACMAN_UNSUPPORTED, pacmanResult, pacmanSteps } from './shared/pacman.ts';

export default module({
  doc: 'Make sure that packages are installed, upgraded or removed with pacman.',
  args: {
    name: { type: 'list', default: [], alias: ['package', 'pkg'], doc: 'Packages.' },
    state: { type: 'enum', of: PACMAN_STATES, default: 'present', doc: 'What must hold.' },
    ...PACMAN_OPTIONS,
  },
  unsupported: PACMAN_UNSUPPORTED,
  examples: `
- pacman:
    name: [nginx, curl]
    update_cache: true
`,
  streams: true,
  plan: ({ name, ...options }, context) => pacmanSteps({ names: name, ...options }, context),
  result: (outcome, { name, ...options }) => pacmanResult(outcome, { names: name, ...options }),
});
