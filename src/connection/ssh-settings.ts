/** Everything that decides how one host is reached over SSH, from Ansible's variables and ssh's configuration. */

import { join } from 'node:path';
import { account } from './account.ts';
import type { Target } from './connection.ts';
import { parseSshArguments } from './ssh-arguments.ts';
import { sshOptions } from './ssh-config.ts';
import { first, flag, OptionsBuilder, type SshOptions } from './ssh-options.ts';

export interface SshSettings {
  /** Name in the inventory, for messages. */
  readonly name: string;
  readonly host: string;
  /** The name under which known_hosts files have it. */
  readonly knownAs: string;
  /** Whether `knownAs` is a HostKeyAlias, which goes without a port. */
  readonly aliased: boolean;
  readonly port: number;
  readonly user: string;
  /** 4 or 6; 0: either. */
  readonly family: 0 | 4 | 6;
  /** The key that the inventory or the command line names. */
  readonly explicitKey: string | undefined;
  readonly identityFiles: readonly string[];
  /** The key files are named by someone, not ssh's defaults. */
  readonly configured: boolean;
  readonly certificateFiles: readonly string[];
  readonly identitiesOnly: boolean;
  /** The socket of the agent; undefined: none. */
  readonly agent: string | undefined;
  readonly forwardAgent: boolean;
  readonly password: string | undefined;
  readonly passphrase: string | undefined;
  readonly publicKeys: boolean;
  readonly passwords: boolean;
  readonly keyboardInteractive: boolean;
  /** Users and hosts to go through, first to last. */
  readonly jumps: readonly string[];
  readonly proxyCommand: string | undefined;
  readonly userKnownHosts: readonly string[];
  readonly globalKnownHosts: readonly string[];
  readonly strict: 'yes' | 'accept-new' | 'no';
  readonly hashKnownHosts: boolean;
  /** Seconds for connecting and logging in. */
  readonly timeout: number;
  /** Seconds between signs of life; undefined: as many as suit. */
  readonly keepalive: number | undefined;
  /** How many of them may go unanswered. */
  readonly keepaliveCount: number;
  /** The configuration file that the ssh arguments name. */
  readonly configFile: string | undefined;
  readonly options: SshOptions;
}

export const DEFAULT_IDENTITIES = ['id_rsa', 'id_ecdsa', 'id_ecdsa_sk', 'id_ed25519', 'id_ed25519_sk'];

/** Throws `value-invalid` and `config-invalid`. `environment` is where SSH_AUTH_SOCK is looked up. */
export async function sshSettings(target: Target, environment: NodeJS.ProcessEnv): Promise<SshSettings> {
  const given = parseSshArguments(target.sshArgs ?? '');
  const options = await sshOptions(target.address, given, named(target));
  const host = (first(options, 'hostname') ?? target.address).replaceAll('%h', target.address);
  const port = Number(first(options, 'port') ?? 22);
  const user = first(options, 'user') ?? account().name;
  const expand = expander({ host, original: target.address, port, user, environment });
  const alias = first(options, 'hostkeyalias');
  const paths = (keyword: string) => (options.get(keyword) ?? []).map(expand).filter((path) => path !== 'none');
  const proxyCommand = first(options, 'proxycommand');
  return {
    name: target.name,
    host,
    knownAs: alias ?? host,
    aliased: alias !== undefined,
    port,
    user,
    family: { inet: 4 as const, inet6: 6 as const }[first(options, 'addressfamily') ?? ''] ?? 0,
    explicitKey: target.privateKey === undefined ? undefined : expand(target.privateKey),
    ...identities(paths('identityfile')),
    certificateFiles: paths('certificatefile'),
    identitiesOnly: flag(options, 'identitiesonly', false),
    agent: agentSocket(options, environment, expand),
    forwardAgent: flag(options, 'forwardagent', false),
    password: target.password,
    passphrase: target.passphrase,
    publicKeys: flag(options, 'pubkeyauthentication', true),
    passwords: flag(options, 'passwordauthentication', true),
    keyboardInteractive: flag(options, 'kbdinteractiveauthentication', true),
    jumps: (first(options, 'proxyjump') ?? '').split(',').filter(Boolean).map(expand),
    proxyCommand: proxyCommand && expand(proxyCommand),
    userKnownHosts: files(options, 'userknownhostsfile', ['~/.ssh/known_hosts', '~/.ssh/known_hosts2'], expand),
    globalKnownHosts: files(
      options,
      'globalknownhostsfile',
      ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'],
      expand,
    ),
    strict: target.hostKeyChecking ? strictness(first(options, 'stricthostkeychecking')) : 'no',
    hashKnownHosts: flag(options, 'hashknownhosts', false),
    timeout: target.timeout ?? Number(first(options, 'connecttimeout') ?? 10),
    keepalive: Number(first(options, 'serveraliveinterval') ?? 0) || undefined,
    keepaliveCount: Number(first(options, 'serveralivecountmax') ?? 3),
    configFile: given.configFile,
    options,
  };
}

/** What the inventory names comes first, as with Ansible, which writes it on ssh's command line. */
function named({ port, user, privateKey }: Target): SshOptions {
  const builder = new OptionsBuilder();
  if (port !== undefined) builder.add('port', String(port));
  if (user !== undefined) builder.add('user', user);
  if (privateKey !== undefined) builder.add('identityfile', privateKey);
  return builder.options;
}

/** `ssh -G` lists the default keys too, when none is configured. */
function identities(named: readonly string[]): Pick<SshSettings, 'identityFiles' | 'configured'> {
  const defaults = DEFAULT_IDENTITIES.map((name) => join(account().home, '.ssh', name));
  const configured = named.length > 0 && !defaults.every((path) => named.includes(path));
  return { identityFiles: named.length > 0 ? named : defaults, configured };
}

function files(
  options: SshOptions,
  keyword: string,
  otherwise: readonly string[],
  expand: (text: string) => string,
): readonly string[] {
  const value = options.get(keyword)?.[0];
  const names = value === undefined ? otherwise : (value.match(/"[^"]*"|\S+/g) ?? []);
  return names.map((name) => expand(name.replace(/^"|"$/g, ''))).filter((name) => name !== 'none');
}

function strictness(value: string | undefined): SshSettings['strict'] {
  if (value === 'accept-new') return 'accept-new';
  return value === 'no' || value === 'false' || value === 'off' ? 'no' : 'yes';
}

function agentSocket(
  options: SshOptions,
  environment: NodeJS.ProcessEnv,
  expand: (text: string) => string,
): string | undefined {
  const value = options.get('identityagent')?.[0];
  if (value === undefined || value === 'SSH_AUTH_SOCK') return environment['SSH_AUTH_SOCK'] || undefined;
  return value === 'none' ? undefined : expand(value);
}

interface Tokens {
  readonly host: string;
  readonly original: string;
  readonly port: number;
  readonly user: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** `~`, `${VARIABLE}` and the `%` tokens of ssh_config(5) that a connection has. */
function expander({ host, original, port, user, environment }: Tokens): (text: string) => string {
  const home = account().home;
  const tokens: { readonly [letter: string]: string } = {
    '%': '%',
    d: home,
    h: host,
    n: original,
    p: String(port),
    r: user,
    u: account().name,
  };
  return (text) =>
    text
      .replace(/^~(?=\/|$)/, home)
      .replace(/\$\{(\w+)\}/g, (whole, name: string) => environment[name] ?? whole)
      .replace(/%(.)/g, (whole, letter: string) => tokens[letter] ?? whole);
}
