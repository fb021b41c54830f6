import { module, type Outcome } from '../src/module/module.ts';
import { APT_OPTIONS, aptResult, aptSteps } from './shared/apt.ts';

export default module({
  doc: 'Make sure that Debian packages are installed, upgraded or removed.',
  args: {
    name: { type: 'list', alias: ['package', 'pkg'], doc: 'Packages: `nginx`, `nginx=1.22*`, `libc6:i386`, `php*`.' },
    state: {
      type: 'enum',
      of: ['absent', 'build-dep', 'fixed', 'latest', 'present'],
      default: 'present',
      doc: 'What must hold: present, latest, absent; build-dep installs what is needed to build.',
    },
    ...APT_OPTIONS,
  },
  examples: `
- apt:
    name: [nginx, curl]
    update_cache: true
    cache_valid_time: 3600
- apt:
    upgrade: dist
- apt:
    deb: https://example.org/tool.deb
`,
  streams: true,
  plan: ({ name = [], ...options }, context) => aptSteps({ names: name, ...options }, context),
  result: (outcome: Outcome, { name = [], ...options }, context) =>
    aptResult(outcome, { names: name, ...options }, context),
});
