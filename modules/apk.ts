import { module } from '../src/module/module.ts';
import { APK_OPTIONS, APK_STATES, apkResult, apkSteps } from './shared/apk.ts';

export default module({
  doc: 'Make sure that packages are installed, upgraded or removed with apk.',
  args: {
    name: { type: 'list', default: [], alias: ['package', 'pkg'], doc: 'Packages.' },
    state: { type: 'enum', of: APK_STATES, default: 'present', doc: 'What must hold.' },
    ...APK_OPTIONS,
  },
  examples: `
- apk:
    name: [nginx, curl]
    update_cache: true
`,
  streams: true,
  plan: ({ name, ...options }, context) => apkSteps({ names: name, ...options }, context),
  result: (outcome, { name, ...options }) => apkResult(outcome, { names: name, ...options }),
});
