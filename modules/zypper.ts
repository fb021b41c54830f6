import { module } from '../src/module/module.ts';
import { ZYPPER_OPTIONS, ZYPPER_STATES, zypperResult, zypperSteps } from './shared/zypper.ts';

export default module({
  doc: 'Make sure that packages are installed, upgraded or removed with zypper.',
  args: {
    name: { type: 'list', default: [], alias: ['package', 'pkg'], doc: 'Packages.' },
    state: { type: 'enum', of: ZYPPER_STATES, default: 'present', doc: 'What must hold.' },
    ...ZYPPER_OPTIONS,
  },
  examples: `
- zypper:
    name: [nginx, curl]
    update_cache: true
`,
  streams: true,
  plan: ({ name, ...options }, context) => zypperSteps({ names: name, ...options }, context),
  result: (outcome, { name, ...options }) => zypperResult(outcome, { names: name, ...options }),
});
