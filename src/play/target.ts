/** How to reach a host and whom to become there: Ansible's variables, then keywords, then the command line. */

import type { Become, Target } from '../connection/connection.ts';
import { Fault } from '../fault.ts';
import type { Scope } from '../template/templar.ts';
import { type Dict, toPlain, type Value } from '../value/value.ts';
import { asBoolean } from './boolean.ts';
import { booleanKeyword } from './keyword-values.ts';
import { type Lineage, nearest } from './lineage.ts';
import type { RunOptions } from './options.ts';

export interface TargetInput {
  readonly name: string;
  readonly scope: Scope;
  readonly lineage: Lineage;
  readonly options: RunOptions;
  /** Renders a keyword's value. */
  readonly render: (value: Value) => Value;
}

export function targetOf(input: TargetInput): Target {
  const { name, options } = input;
  const { connection } = options;
  const build = options.build?.name === name ? options.build : undefined;
  const scope: Variables = build ? ofBuildMachine(build.vars) : input.scope;
  const variable = (...names: readonly string[]) => text(scope, names);
  const keyword = (key: string) => (build ? undefined : keywordText(input, key));
  const kind = variable('ansible_connection') ?? keyword('connection') ?? connection.connection ?? 'ssh';
  const port = variable('ansible_port', 'ansible_ssh_port') ?? keyword('port');
  const timeout = variable('ansible_timeout', 'ansible_ssh_timeout') ?? connection.timeout?.toString();
  return {
    name,
    kind: kind === 'smart' || kind === 'paramiko' || kind === 'paramiko_ssh' ? 'ssh' : kind,
    address: variable('ansible_host', 'ansible_ssh_host') ?? name,
    port: port === undefined ? undefined : Number(port),
    user: variable('ansible_user', 'ansible_ssh_user') ?? keyword('remote_user') ?? connection.user,
    password: variable('ansible_password', 'ansible_ssh_pass', 'ansible_ssh_password') ?? connection.password,
    privateKey: variable('ansible_ssh_private_key_file', 'ansible_private_key_file') ?? connection.privateKey,
    passphrase: variable('ansible_ssh_private_key_passphrase'),
    sshArgs: sshArgs(input, variable),
    hostKeyChecking: hostKeyChecking(input, variable('ansible_host_key_checking', 'ansible_ssh_host_key_checking')),
    timeout: timeout === undefined ? undefined : Number(timeout),
    shell: variable('ansible_shell_executable'),
    retries: Number(variable('ansible_ssh_retries') ?? 0),
  };
}

export function becomeOf(input: TargetInput): Become | undefined {
  const { options, scope } = input;
  const { connection } = options;
  const variable = (...names: readonly string[]) => text(scope, names);
  const wanted = scope.get('ansible_become') ?? keywordValue(input, 'become') ?? connection.become;
  if (!booleanKeyword('become', wanted, nearest(input.lineage, 'become')?.where)) return rootOfBuild(input);
  const method =
    variable('ansible_become_method') ?? keywordText(input, 'become_method') ?? connection.becomeMethod ?? 'sudo';
  return {
    method,
    user: variable('ansible_become_user') ?? keywordText(input, 'become_user') ?? connection.becomeUser ?? 'root',
    password:
      variable(
        'ansible_become_password',
        'ansible_become_pass',
        `ansible_${method}_password`,
        `ansible_${method}_pass`,
      ) ?? connection.becomePassword,
    flags: variable('ansible_become_flags') ?? keywordText(input, 'become_flags'),
    exe: variable('ansible_become_exe') ?? keywordText(input, 'become_exe'),
  };
}

/** Where live hosts are logged in to as root, the build machine's own user becomes root. */
function rootOfBuild(input: TargetInput): Become | undefined {
  const { name, options } = input;
  const login = options.build?.name === name ? options.build.vars.get('ansible_user') : undefined;
  const isRoot = login === undefined || login === 'root';
  return !isRoot && keywordText(input, 'remote_user') === 'root' ? { method: 'sudo', user: 'root' } : undefined;
}

type Variables = Pick<Scope, 'get'>;

/** What playbooks and groups say of connections is said of the hosts that the image is for. */
function ofBuildMachine(vars: Dict): Variables {
  return { get: (name) => vars.get(name) ?? (name === 'ansible_connection' ? 'ssh' : undefined) };
}

type Variable = (...names: readonly string[]) => string | undefined;

function sshArgs({ options }: TargetInput, variable: Variable): string | undefined {
  const parts = [
    variable('ansible_ssh_args'),
    variable('ansible_ssh_common_args') ?? options.connection.sshCommonArgs,
    variable('ansible_ssh_extra_args') ?? options.connection.sshExtraArgs,
  ];
  return parts.filter(Boolean).join(' ') || undefined;
}

function hostKeyChecking({ options }: TargetInput, variable: string | undefined): boolean {
  return variable === undefined ? (options.connection.hostKeyChecking ?? true) : asBoolean(variable);
}

function text(scope: Variables, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = scope.get(name);
    if (value !== undefined && value !== null && value !== '') return String(toPlain(value));
  }
  return undefined;
}

function keywordValue({ lineage, render }: TargetInput, name: string): Value | undefined {
  const keyword = nearest(lineage, name);
  return keyword && render(keyword.value);
}

function keywordText(input: TargetInput, name: string): string | undefined {
  const value = keywordValue(input, name);
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'object') {
    throw new Fault('value-invalid', `${name} must be text`, { where: nearest(input.lineage, name)?.where });
  }
  return String(value);
}
