import { module } from '../src/module/module.ts';
import { globInName, SYSTEMD_OPTIONS, systemdResult, systemdSteps } from './shared/systemd.ts';

export default module({
  doc: 'Make sure that a systemd unit runs or not, starts at boot or not, is masked or not.',
  args: {
    name: { type: 'string', alias: ['service', 'unit'], doc: 'The unit; without a suffix it is a service.' },
    state: {
      type: 'enum',
      of: ['reloaded', 'restarted', 'started', 'stopped'],
      doc: 'started and stopped do nothing where it holds; restarted and reloaded always do.',
    },
    enabled: { type: 'boolean', doc: 'Whether it starts at boot.' },
    ...SYSTEMD_OPTIONS,
  },
  examples: `
- systemd:
    name: app
    state: started
    enabled: true
    daemon_reload: true
`,
  streams: true,
  verify({ name, state, enabled, masked, daemon_reload, daemon_reexec }) {
    const unit = [state, enabled, masked].some((one) => one !== undefined);
    // A name alone is for the unit's status.
    if (!unit && name === undefined && !daemon_reload && !daemon_reexec) {
      return 'one of the following is required: state, enabled, masked, daemon_reload, daemon_reexec';
    }
    if (unit && name === undefined) return 'state, enabled and masked need a name';
    return globInName(name);
  },
  plan: (args, context) => systemdSteps(args, context),
  result: (outcome, args, context) => systemdResult(outcome, args, context),
});
