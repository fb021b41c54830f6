import { module } from '../src/module/module.ts';
import { DNF_OPTIONS, DNF_STATES, DNF_UNSUPPORTED, dnfResult, dnfSteps } from './shared/dnf.ts';

export default module({
  doc: 'Make sure that packages are installed, upgraded or removed with dnf or yum, whichever the host has.',
  args: {
    name: {
      type: 'list',
      default: [],
      alias: ['pkg'],
      doc: 'Packages, `nginx-1.20*`, `@group`, files, URLs; `*` with latest: all.',
    },
    state: { type: 'enum', of: DNF_STATES, doc: 'What must hold; default: present, with autoremove absent.' },
    ...DNF_OPTIONS,
  },
  unsupported: DNF_UNSUPPORTED,
  examples: `
- dnf:
    name: [nginx, "@Development tools"]
    state: latest
`,
  streams: true,
  verify({ name, update_cache, autoremove }) {
    if (name.length > 0 || update_cache || autoremove) return undefined;
    return 'one of the following is required: name, update_cache, autoremove';
  },
  plan: ({ name, ...options }, context) => dnfSteps({ names: name, ...options }, context),
  result: (outcome, { name, ...options }) => dnfResult(outcome, { names: name, ...options }),
});
