/** What a bake makes of a task, by its module: what its arguments tell before anything runs. */

import { isTemplate } from '../template/templar.ts';
import { type Dict, isDict, isList, type Value } from '../value/value.ts';
import { asBoolean } from './boolean.ts';

export interface Finding {
  readonly liveOnly?: true;
  readonly reason?: string;
  readonly advice?: string;
}

type Rule = (args: Dict) => Finding;

const TO_FIRST_BOOT = 'to do it when a host of the image boots: tags: [first_boot]';
const TO_VERIFY = 'to do it in the test of the image: tags: [verify]; to do it at once: vars: { playbake_now: true }';

/** Undefined for modules that do in a bake what they do live. */
export function ruleFor(module: string): Rule | undefined {
  return RULES.get(module);
}

const service: Rule = (args) => {
  const state = text(args, 'state');
  if (state === 'stopped') return { reason: 'stops now; whether it starts at boot is for enabled to say' };
  if (state === undefined) return {};
  if (isTemplate(state)) return { reason: 'where it is to run: starts at boot, not now' };
  return args.get('enabled') !== undefined && !asBoolean(args.get('enabled'))
    ? { reason: 'enabled is false: it starts neither now nor at boot', advice: 'leave enabled out, if it is to run' }
    : { reason: 'starts at boot, not now' };
};

const command: Rule = (args) => {
  const line = commandLine(args);
  if (/\b(?:systemctl|service|rc-service)\b.*\b(?:re)?(?:start|load)\b/.test(line) && !/daemon-re/.test(line)) {
    return { advice: 'what it starts does not run later: use service, which has it start at boot' };
  }
  if (/^\s*(?:\S*\/)?(?:reboot|shutdown|poweroff|halt)\b|systemctl\s+(?:reboot|poweroff)/.test(line)) {
    return { advice: 'the bake loses its machine: use reboot, which is left to the boot of the image' };
  }
  if (/^\s*(?:hostnamectl\s+(?:set-)?hostname|hostname\s+\S)/.test(line))
    return { advice: `an image has no name: ${TO_FIRST_BOOT}` };
  return {};
};

const waitFor: Rule = (args) => {
  const state = text(args, 'state') ?? 'started';
  if (state !== 'started' && state !== 'present' && !isTemplate(state)) return {};
  const [host, port, path] = [text(args, 'host') ?? '127.0.0.1', args.get('port'), text(args, 'path') ?? ''];
  if (port !== undefined ? isItself(host) : /^\/(?:var\/)?run\//.test(path)) {
    return { liveOnly: true, reason: 'skipped: services of an image start when it boots', advice: TO_VERIFY };
  }
  return port === undefined ? {} : { reason: `waits for ${host} while the image is made` };
};

const uri: Rule = (args) => {
  const host = /^\w+:\/\/(?:[^/@]*@)?(\[[^\]]*\]|\{\{.*?\}\}|[^/:]+)/.exec(text(args, 'url') ?? '')?.[1] ?? '';
  if (isItself(host)) {
    return { liveOnly: true, reason: 'skipped: services of an image start when it boots', advice: TO_VERIFY };
  }
  return {};
};

const pause: Rule = (args) =>
  args.has('seconds') || args.has('minutes')
    ? { reason: 'the bake waits too', advice: "when: playbake_mode == 'live'" }
    : { liveOnly: true, reason: 'nobody need watch a bake', advice: "when: playbake_mode == 'live'" };

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['service', service],
  ['systemd', service],
  ['command', command],
  ['shell', command],
  ['raw', command],
  ['wait_for', waitFor],
  ['uri', uri],
  ['pause', pause],
  ['reboot', () => ({ reason: 'left to the boot of the image' })],
  ['hostname', () => ({ liveOnly: true, reason: 'skipped: an image has no name of its own', advice: TO_FIRST_BOOT })],
  ['add_host', () => ({ liveOnly: true, reason: 'there is one host in a bake: plays for others run on it' })],
  ['group_by', () => ({ reason: 'the machine joins the group' })],
]);

/** As far as the text tells: the defaults, loopback, and variables that hold a host's own name or address. */
function isItself(host: string): boolean {
  return (
    /^(?:localhost|127\..*|::1|\[::1\]|0\.0\.0\.0)$/.test(host) ||
    /^\{\{\s*(?:inventory_hostname|ansible_host|ansible_fqdn|ansible_hostname|ansible_default_ipv4\.address)\s*\}\}$/.test(
      host,
    )
  );
}

function commandLine(args: Dict): string {
  const given = [args.get('_raw_params'), args.get('cmd'), args.get('argv')];
  return given
    .map((one) => (isList(one ?? null) ? (one as readonly Value[]).map(String).join(' ') : String(one ?? '')))
    .join(' ');
}

function text(args: Dict, name: string): string | undefined {
  const value = args.get(name);
  return value === undefined || value === null || isDict(value) ? undefined : String(value);
}
