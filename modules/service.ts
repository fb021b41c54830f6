import {
  type Args,
  type Context,
  module,
  type Plain,
  type Result,
  run,
  type Steps,
  sh,
  type Typed,
  when,
} from '../src/module/module.ts';
import { scriptSteps } from './shared/init-scripts.ts';
import { refusal } from './shared/refuse.ts';
import { atBoot, globInName, SYSTEMD_OPTIONS, systemdResult, systemdSteps } from './shared/systemd.ts';

const ARGS = {
  name: { type: 'string', required: true, doc: 'The service.' },
  state: {
    type: 'enum',
    of: ['reloaded', 'restarted', 'started', 'stopped'],
    doc: 'started and stopped do nothing where it holds; restarted and reloaded always do.',
  },
  enabled: { type: 'boolean', doc: 'Whether it starts at boot.' },
  sleep: { type: 'int', doc: 'Seconds between stop and start of a restart; not for systemd and OpenRC.' },
  pattern: {
    type: 'string',
    doc: 'Text in the command line of the process, where a script has no status; not for systemd.',
  },
  runlevel: { type: 'string', default: 'default', doc: 'The runlevel; for OpenRC only.' },
  arguments: { type: 'string', default: '', alias: ['args'], doc: 'Arguments for the init script; not for systemd.' },
  use: {
    type: 'string',
    default: 'auto',
    doc: 'The service manager, if not the one that is found: systemd, sysvinit, openrc.',
  },
  ...SYSTEMD_OPTIONS,
} as const satisfies Args;

/** Whether systemd is what booted the host. */
const SYSTEMD = sh`command -v systemctl >/dev/null 2>&1 && { [ -d /run/systemd/system ] || [ "$(cat /proc/1/comm)" = systemd ]; }`;

export default module({
  doc: 'Make sure that a service runs or not, and starts at boot or not, whatever manages the host’s services.',
  args: ARGS,
  examples: `
- service:
    name: nginx
    state: started
    enabled: true
- service: { name: nginx, state: reloaded }
`,
  streams: true,
  verify({ name, state, enabled, masked, daemon_reload, daemon_reexec }) {
    const given = state !== undefined || enabled !== undefined || masked !== undefined;
    return given || daemon_reload || daemon_reexec
      ? globInName(name)
      : 'one of the following is required: state, enabled';
  },
  plan(args, context): Steps {
    const manager = managerOf(args, context);
    const systemd = [
      run(sh`:`, { harmless: true, changed: false, result: () => ({ manager: 'systemd' }) }),
      ...systemdSteps(args, context),
    ];
    if (manager === 'systemd') return systemd;
    const other = [only(args), ...scriptSteps(args, context.check, context.mode === 'bake')];
    return manager === undefined ? [when(SYSTEMD, systemd, other)] : other;
  },
  result(outcome, args, context): Result {
    if (outcome.values['manager'] === 'systemd') {
      for (const name of ignored(args)) context.warn(`Ignoring "${name}" as it is not used in "systemd"`);
      return systemdResult(outcome, args, context);
    }
    if (outcome.failed) return { failed: true, msg: refusal(outcome) ?? 'the service could not be changed' };
    const { name, state, enabled } = args;
    const result: { [key: string]: Plain } = { name, changed: outcome.changed };
    if (enabled !== undefined) result['enabled'] = enabled;
    if (state !== undefined) result['state'] = state === 'stopped' ? 'stopped' : 'started';
    if (context.mode === 'bake' && state !== undefined && state !== 'stopped') {
      result['enabled'] = enabled ?? true;
      result['msg'] = atBoot(name, enabled);
    }
    if (outcome.values['foretold'] === true) {
      context.warn(`${name}: the host has no such service yet; a task that check mode left out may bring it`);
    }
    return result;
  },
});

type ServiceArgs = Typed<typeof ARGS>;

/** What is known of the host's manager before it is asked. */
function managerOf({ use }: ServiceArgs, { facts }: Context): string | undefined {
  if (use !== 'auto') return use;
  const known = facts['service_mgr'];
  return known === 'systemd' || known === 'openrc' || known === 'sysvinit' ? known : undefined;
}

/** Fails for arguments that only systemd has, in Ansible's words. */
function only(args: ServiceArgs) {
  const { masked, daemon_reload, daemon_reexec, scope, no_block, force } = args;
  const given = Object.entries({
    masked: masked !== undefined,
    daemon_reload,
    daemon_reexec,
    scope: scope !== 'system',
    no_block,
    force: force !== undefined,
  });
  const names = given.flatMap(([name, is]) => (is ? [name] : []));
  if (names.length === 0) return undefined;
  const refused = `Unsupported parameters for (service) module: ${names.join(', ')}. They are for systemd only.`;
  return run(sh`exit 1`, { harmless: true, result: () => ({ refused }) });
}

function ignored({ sleep, pattern, arguments: words }: ServiceArgs): readonly string[] {
  const given = { pattern: pattern !== undefined, sleep: sleep !== undefined, arguments: words !== '' };
  return Object.entries(given).flatMap(([name, is]) => (is ? [name] : []));
}
