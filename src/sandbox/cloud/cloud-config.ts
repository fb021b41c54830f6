/** A cloud-config, compiled to what the first boot runs. What is not known is told on the console. */

import { Findings } from '../../fault.ts';
import { quote } from '../../shell/sh.ts';
import { type Plain, toPlain } from '../../value/value.ts';
import { parseYaml } from '../../value/yaml.ts';
import { fileLines } from './cloud-config-files.ts';
import { keyLines, passwordLines, slowKeyLines, sshKeyLines, userLines } from './cloud-config-users.ts';

export type Config = Readonly<Record<string, Plain>>;

/** Lines of shell for each stage; they may use the functions of first-boot-functions.ts. */
export interface Stages {
  /** At the first boot, before logins. */
  readonly first: readonly string[];
  /** At the first boot, when all else is up. */
  readonly last: readonly string[];
}

/** A cloud-config that cannot be read, or has something that cannot be. */
export class ConfigError extends Error {}

/** Throws ConfigError. */
export function readConfig(text: string): Config {
  const findings = new Findings();
  const config = toPlain(parseYaml(text, 'user-data', findings));
  const fault = findings.faults[0];
  if (fault !== undefined) throw new ConfigError(`Failed loading yaml blob. ${fault.message}`);
  if (config === null) return {};
  if (isConfig(config)) return config;
  throw new ConfigError(`Failed loading yaml blob. Yaml load allows a mapping at the top, but got a ${kindOf(config)}`);
}

/** `hostname` is the name that the instance has unless the config has one; `keys` are those of its key pair. */
export function compileConfig(config: Config, hostname: string, keys: readonly string[]): Stages {
  const stage = (lines: readonly (readonly [string, () => readonly string[]])[]) =>
    lines.flatMap(([name, compile]) => guarded(name, compile));
  return {
    first: stage([
      ['keys of the config', () => unknownKeys(config)],
      ['write_files', () => fileLines(config['write_files'], { deferred: false })],
      ['set_hostname', () => hostnameLines(config, hostname)],
      ['ssh', () => sshKeyLines(config)],
      ['users_groups', () => userLines(config)],
      ['ssh', () => keyLines(config, keys)],
    ]),
    last: stage([
      ['set_passwords', () => passwordLines(config)],
      ['timezone', () => timezoneLines(config)],
      ['package_update_upgrade_install', () => packageLines(config)],
      ['write_files_deferred', () => fileLines(config['write_files'], { deferred: true })],
    ]),
  };
}

/**
 * The commands of `runcmd`, or of `bootcmd`, as a script; empty without any. They have a file of their own: whatever
 * they are, the rest can be read.
 */
export function commandScript(config: Config, key: 'runcmd' | 'bootcmd'): string {
  const lines = caught(key, () => commandLines(config, key));
  return lines.length === 0 ? '' : `#!/bin/sh\n${lines.join('\n')}\n`;
}

/** What ends the first boot: keys that nobody waited for, the message, and powering off where the config asks for it. */
export function endingLines(config: Config): readonly string[] {
  const keys = guarded('ssh', () => slowKeyLines(config));
  const power = guarded('power_state_change', () => {
    const message = textAt(config, 'final_message');
    const said = message === undefined ? [] : [`say ${quote(message)}`];
    const state = config['power_state'];
    if (state === undefined) return said;
    if (!isConfig(state)) throw new ConfigError('power_state must be a mapping');
    const mode = textAt(state, 'mode') ?? '';
    const flag = { halt: '-H', poweroff: '-P', reboot: '-r' }[mode];
    if (flag === undefined) throw new ConfigError(`power_state: the mode ${JSON.stringify(mode)} is not known`);
    const delay = String(state['delay'] ?? 'now').replace(/^\+?(\d+)$/, '+$1');
    return [...said, `shutdown ${flag} ${quote(delay)} ${quote(textAt(state, 'message') ?? '')}`];
  });
  return [...keys, ...power];
}

const KNOWN = new Set(
  [
    'bootcmd runcmd write_files hostname fqdn prefer_fqdn_over_hostname preserve_hostname manage_etc_hosts users groups',
    'user system_info ssh_authorized_keys ssh_keys ssh_deletekeys ssh_genkeytypes disable_root disable_root_opts',
    'no_ssh_fingerprints ssh password chpasswd ssh_pwauth timezone package_update package_upgrade packages apt_update',
    'apt_upgrade final_message power_state output merge_how merge_type',
  ].flatMap((line) => line.split(' ')),
);

function unknownKeys(config: Config): readonly string[] {
  const unknown = Object.keys(config).filter((key) => !KNOWN.has(key));
  return unknown.map((key) => `say ${quote(`cloud-config: the sandbox does nothing with the key ${key}`)}`);
}

function hostnameLines(config: Config, own: string): readonly string[] {
  if (config['preserve_hostname'] === true) return [];
  const [given, fqdn] = [textAt(config, 'hostname'), textAt(config, 'fqdn')];
  const full = fqdn ?? given ?? own;
  const short = given === undefined ? (full.split('.')[0] ?? full) : given;
  const name = config['prefer_fqdn_over_hostname'] === true ? full : short;
  return [`set_hostname ${quote(name)} ${quote(full)} ${quote(short.split('.')[0] ?? short)}`];
}

function timezoneLines(config: Config): readonly string[] {
  const zone = textAt(config, 'timezone');
  if (zone === undefined) return [];
  const file = quote(`/usr/share/zoneinfo/${zone}`);
  return [
    `[ -e ${file} ] || { say ${quote(`there is no timezone ${zone}`)}; false; }`,
    `ln -sf ${file} /etc/localtime`,
  ];
}

function packageLines(config: Config): readonly string[] {
  const packages = (listAt(config, 'packages') ?? []).map((entry) => {
    if (typeof entry === 'string') return entry;
    if (isList(entry) && (entry.length === 1 || entry.length === 2)) return entry.map(String).join('=');
    throw new ConfigError(`packages: ${JSON.stringify(entry)} is neither a name nor [name, version]`);
  });
  const upgrade = config['package_upgrade'] === true || config['apt_upgrade'] === true;
  const update = upgrade || packages.length > 0 || config['package_update'] === true || config['apt_update'] === true;
  const apt =
    'apt-get --option=Dpkg::Options::=--force-confold --option=Dpkg::Options::=--force-unsafe-io --assume-yes';
  return [
    ...(update ? ['export DEBIAN_FRONTEND=noninteractive', `${apt} update`] : []),
    ...(upgrade ? [`${apt} dist-upgrade`] : []),
    ...(packages.length > 0 ? [`${apt} install ${packages.map(quote).join(' ')}`] : []),
  ];
}

/** Commands as cloud-init's shellify: a text is a line of shell, a list is words. */
function commandLines(config: Config, key: string): readonly string[] {
  return (listAt(config, key) ?? []).flatMap((command) => {
    if (typeof command === 'string') return [command];
    if (isList(command)) return [command.map((word) => quote(String(word))).join(' ')];
    if (command === null) return [];
    throw new ConfigError(`${key}: ${JSON.stringify(command)} is neither a line nor a list of words`);
  });
}

/** Lines in a shell of their own, of which the first that fails ends it and is told. */
function guarded(name: string, compile: () => readonly string[]): readonly string[] {
  const lines = caught(name, compile);
  if (lines.length === 0) return [];
  return ['(set -e', ...lines, ')', `[ $? = 0 ] || say ${quote(`Failed to run module ${name}`)}`];
}

/** What compiles to lines, or to one that says why it cannot. */
function caught(name: string, compile: () => readonly string[]): readonly string[] {
  try {
    return compile();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [`echo ${quote(`Failed to run module ${name}: ${error.message}`)}`];
  }
}

export function textAt(config: Config, key: string): string | undefined {
  const value = config[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object') throw new ConfigError(`${key} must be a text, not a ${kindOf(value)}`);
  return String(value);
}

export function listAt(config: Config, key: string): readonly Plain[] | undefined {
  const value = config[key];
  if (value === undefined || value === null) return undefined;
  if (isList(value)) return value;
  throw new ConfigError(`${key} must be a list, not a ${kindOf(value)}`);
}

/** A list of texts, or one text with commas between them. */
export function namesAt(config: Config, key: string): readonly string[] {
  const value = config[key];
  if (typeof value === 'string')
    return value
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean);
  return (listAt(config, key) ?? []).map(String);
}

export function isConfig(value: Plain | undefined): value is Config {
  return typeof value === 'object' && value !== null && !isList(value);
}

export function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}

function kindOf(value: Plain): string {
  if (isList(value)) return 'list';
  return typeof value === 'object' ? 'mapping' : typeof value;
}
