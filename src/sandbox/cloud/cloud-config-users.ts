/** Users, their keys and passwords, and the host keys of a cloud-config, compiled to shell. */

import { quote } from '../../shell/sh.ts';
import type { Plain } from '../../value/value.ts';
import { USER } from '../base-image.ts';
import { type Config, ConfigError, isConfig, isList, listAt, namesAt, textAt } from './cloud-config.ts';

/** Groups, and the users that the config lists beside the default one. */
export function userLines(config: Config): readonly string[] {
  return [
    ...groupLines(config['groups']),
    ...entriesOf(config).flatMap((entry) => (isConfig(entry) ? user(entry) : [])),
  ];
}

/** Who may log in by which key: the default user, and root as far as it is not disabled. */
export function keyLines(config: Config, keys: readonly string[]): readonly string[] {
  const entries = entriesOf(config);
  const all = [...keys, ...namesOfKeys(config)];
  const listed = entries.flatMap((entry) => {
    if (!isConfig(entry)) return [];
    const own = namesOfKeys(entry);
    return own.length === 0 ? [] : [addKeys(textAt(entry, 'name') ?? '', own)];
  });
  const isDefault = (entry: Plain) => entry === 'default' || entry === USER;
  if (all.length === 0) return listed;
  const first = entries.find((entry) => entry !== 'default' && isConfig(entry));
  const name = entries.some(isDefault) ? USER : isConfig(first ?? null) ? textAt(first as Config, 'name') : undefined;
  return [...listed, ...(name === undefined ? [] : [addKeys(name, all)]), addKeys('root', rootKeys(config, all, name))];
}

/** The host keys that cloud-init makes; the last takes seconds, for which logins do not wait. */
const QUICK = ['ecdsa', 'ed25519'];
const SLOW = ['rsa', 'dsa'];

/** New host keys, or those of the config. */
export function sshKeyLines(config: Config): readonly string[] {
  const remove = config['ssh_deletekeys'] === false ? [] : ['rm -f /etc/ssh/ssh_host_*key*'];
  const given = config['ssh_keys'];
  if (given === undefined) return [...remove, `make_host_keys ${hostKeyTypes(config, QUICK)}`];
  if (!isConfig(given)) throw new ConfigError('ssh_keys must be a mapping');
  const files = Object.entries(given).map(([name, content]) => {
    const [, type, half] = /^(rsa|ecdsa|ed25519|dsa)_(private|public|certificate)$/.exec(name) ?? [];
    if (type === undefined) throw new ConfigError(`ssh_keys: ${name} is not known`);
    const end = { private: '', public: '.pub', certificate: '-cert.pub' }[half ?? ''] ?? '';
    const text = `${String(content).trimEnd()}\n`;
    const words = [`/etc/ssh/ssh_host_${type}_key${end}`, half === 'private' ? '0600' : '0644', 'root:root', 'write'];
    const base64 = Buffer.from(text).toString('base64');
    return `write_file ${words.map(quote).join(' ')} <<'END-OF-FILE'\n${base64}\nEND-OF-FILE`;
  });
  return [...remove, ...files, 'complete_host_keys'];
}

/** Passwords, and whether sshd takes them. */
export function passwordLines(config: Config): readonly string[] {
  const lines: string[] = [];
  const expire: string[] = [];
  const set = (name: string, password: string, hashed: boolean) => {
    lines.push(`printf '%s\\n' ${quote(`${name}:${password}`)} | chpasswd${hashed ? ' --encrypted' : ''}`);
    lines.push(`passwd --unlock ${quote(name)} >/dev/null || true`);
    expire.push(name);
  };
  const password = textAt(config, 'password');
  if (password !== undefined) set(USER, password, isHash(password));
  const chpasswd = config['chpasswd'] ?? {};
  if (!isConfig(chpasswd)) throw new ConfigError('chpasswd must be a mapping');
  for (const [name, secret] of passwordPairs(chpasswd)) set(name, secret, isHash(secret));
  if (chpasswd['expire'] !== false) lines.push(...expire.map((name) => `passwd --expire ${quote(name)} >/dev/null`));
  const taken = config['ssh_pwauth'];
  if (taken === undefined || taken === null || taken === 'unchanged') return lines;
  const answer = taken === true || /^(?:yes|true|1)$/i.test(String(taken)) ? 'yes' : 'no';
  return [...lines, `set_password_logins ${answer}`];
}

function passwordPairs(chpasswd: Config): readonly (readonly [string, string])[] {
  const listed = typeof chpasswd['list'] === 'string' ? chpasswd['list'].split('\n') : (listAt(chpasswd, 'list') ?? []);
  const lines = listed.map(String).filter((line) => line.includes(':'));
  const pairs = lines.map((line): [string, string] => {
    return [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)];
  });
  const users = (listAt(chpasswd, 'users') ?? []).flatMap((entry): [string, string][] => {
    return isConfig(entry) ? [[textAt(entry, 'name') ?? '', textAt(entry, 'password') ?? '']] : [];
  });
  return [...pairs, ...users];
}

function isHash(password: string): boolean {
  return /^\$(?:1|2a|2y|5|6|y)\$.+\$/.test(password);
}

function entriesOf(config: Config): readonly Plain[] {
  const users = config['users'];
  if (users === undefined || users === null) return ['default'];
  if (typeof users === 'string') return users.split(',').map((name) => name.trim());
  if (!isList(users)) throw new ConfigError('users must be a list');
  return users;
}

function groupLines(groups: Plain | undefined): readonly string[] {
  if (groups === undefined || groups === null) return [];
  const entries = typeof groups === 'string' ? groups.split(',') : isList(groups) ? groups : [groups];
  return entries.flatMap((entry) => {
    if (!isConfig(entry)) return [`ensure_group ${quote(String(entry).trim())}`];
    return Object.entries(entry).flatMap(([name, members]) => [
      `ensure_group ${quote(name)}`,
      ...(isList(members) ? members : [members]).map(
        (one) => `usermod --append --groups ${quote(name)} ${quote(String(one))}`,
      ),
    ]);
  });
}

/** Options of useradd by the key that gives them. */
const OPTIONS: Readonly<Record<string, string>> = {
  gecos: '--comment',
  homedir: '--home-dir',
  primary_group: '--gid',
  shell: '--shell',
  uid: '--uid',
  expiredate: '--expiredate',
  inactive: '--inactive',
  passwd: '--password',
  hashed_passwd: '--password',
};

const OTHER_KEYS = [
  'name groups sudo ssh_authorized_keys lock_passwd lock-passwd no_create_home system plain_text_passwd no_user_group',
  'no_log_init',
].flatMap((line) => line.split(' '));

function user(entry: Config): readonly string[] {
  const name = textAt(entry, 'name');
  if (name === undefined) throw new ConfigError('users: an entry has no name');
  const unknown = Object.keys(entry).filter((key) => OPTIONS[key] === undefined && !OTHER_KEYS.includes(key));
  const groups = namesAt(entry, 'groups');
  const primary = textAt(entry, 'primary_group');
  const options = Object.entries(OPTIONS).flatMap(([key, option]) => {
    const value = textAt(entry, key);
    return value === undefined ? [] : [option, value];
  });
  const home = entry['no_create_home'] === true || entry['system'] === true ? '--no-create-home' : '--create-home';
  const flags = [home, ...(entry['system'] === true ? ['--system'] : [])];
  const words = [...flags, ...(groups.length > 0 ? ['--groups', groups.join(',')] : []), ...options, name];
  const plain = textAt(entry, 'plain_text_passwd');
  return [
    ...unknown.map((key) => `say ${quote(`cloud-config: the sandbox does nothing with ${key} of the user ${name}`)}`),
    ...[...groups, ...(primary === undefined ? [] : [primary])].map((group) => `ensure_group ${quote(group)}`),
    `id -u ${quote(name)} >/dev/null 2>&1 || useradd ${words.map(quote).join(' ')}`,
    ...(plain === undefined ? [] : [`printf '%s\\n' ${quote(`${name}:${plain}`)} | chpasswd`]),
    ...((entry['lock_passwd'] ?? entry['lock-passwd']) === false ? [] : [`passwd --lock ${quote(name)} >/dev/null`]),
    ...sudoRules(entry).map((rule) => `add_sudo_rule ${quote(`${name} ${rule}`)}`),
  ];
}

function sudoRules(entry: Config): readonly string[] {
  const sudo = entry['sudo'];
  if (sudo === undefined || sudo === null || sudo === false) return [];
  return (isList(sudo) ? sudo : [sudo]).map(String);
}

function namesOfKeys(config: Config): readonly string[] {
  const keys = config['ssh_authorized_keys'];
  if (typeof keys === 'string') return [keys.trim()];
  return (listAt(config, 'ssh_authorized_keys') ?? []).map((key) => String(key).trim());
}

function rootKeys(config: Config, keys: readonly string[], user: string | undefined): readonly string[] {
  if (config['disable_root'] === false) return keys;
  const text = user === undefined ? 'NONE' : user;
  const said = `echo 'Please login as the user \\"${text}\\" rather than the user \\"root\\".';echo;sleep 10;exit 142`;
  const options = `no-port-forwarding,no-agent-forwarding,no-X11-forwarding,command="${said}"`;
  return keys.map((key) => `${options} ${key}`);
}

function addKeys(name: string, keys: readonly string[]): string {
  return `add_keys ${quote(name)} <<'END-OF-KEYS'\n${keys.join('\n')}\nEND-OF-KEYS`;
}

/** Makes the host keys that logins did not wait for. */
export function slowKeyLines(config: Config): readonly string[] {
  const types = config['ssh_keys'] === undefined ? hostKeyTypes(config, SLOW) : '';
  return types === '' ? [] : [`make_host_keys ${types}`, 'systemctl --no-block try-reload-or-restart ssh.service'];
}

function hostKeyTypes(config: Config, among: readonly string[]): string {
  const given = config['ssh_genkeytypes'] === undefined ? ['rsa', ...QUICK] : namesAt(config, 'ssh_genkeytypes');
  const unknown = given.find((type) => ![...QUICK, ...SLOW].includes(type));
  if (unknown !== undefined) throw new ConfigError(`ssh_genkeytypes: ${unknown} is not known`);
  return given.filter((type) => among.includes(type)).join(' ');
}
