import type { PlayOptions } from './play-options.ts';
import type { Session } from './session.ts';
import { isOn } from './streams.ts';

/** Options that were not given, as Ansible's environment variables have them. */
export function withEnvironment(options: PlayOptions, env: Session['env']): PlayOptions {
  const text = (name: string) => env[name] || undefined;
  const count = (name: string) => (/^[1-9]\d*$/.test(env[name] ?? '') ? Number(env[name]) : undefined);
  const flag = (name: string): true | undefined => (isOn(env[name]) ? true : undefined);
  const list = (given: readonly string[], name: string) => (given.length > 0 ? given : parts(env[name]));
  const fromEnvironment = given({
    forks: count('ANSIBLE_FORKS'),
    timeout: count('ANSIBLE_TIMEOUT'),
    user: text('ANSIBLE_REMOTE_USER'),
    connection: text('ANSIBLE_TRANSPORT'),
    privateKey: text('ANSIBLE_PRIVATE_KEY_FILE'),
    sshCommonArgs: text('ANSIBLE_SSH_COMMON_ARGS'),
    sshExtraArgs: text('ANSIBLE_SSH_EXTRA_ARGS'),
    become: flag('ANSIBLE_BECOME'),
    becomeUser: text('ANSIBLE_BECOME_USER'),
    becomeMethod: text('ANSIBLE_BECOME_METHOD'),
    becomePasswordFile: text('ANSIBLE_BECOME_PASSWORD_FILE'),
    connectionPasswordFile: text('ANSIBLE_CONNECTION_PASSWORD_FILE'),
    askPass: flag('ANSIBLE_ASK_PASS'),
    askBecomePass: flag('ANSIBLE_BECOME_ASK_PASS'),
    diff: flag('ANSIBLE_DIFF_ALWAYS'),
    forceHandlers: flag('ANSIBLE_FORCE_HANDLERS'),
  });
  return {
    ...fromEnvironment,
    ...options,
    inventory: list(options.inventory, 'ANSIBLE_INVENTORY'),
    tags: list(options.tags, 'ANSIBLE_RUN_TAGS'),
    skipTags: list(options.skipTags, 'ANSIBLE_SKIP_TAGS'),
    verbose: options.verbose || (count('ANSIBLE_VERBOSITY') ?? 0),
  };
}

function parts(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The members that are there. */
export function given<T extends object>(members: T): Given<T> {
  const there: Given<T> = {};
  for (const key in members) {
    const value = members[key];
    if (isThere(value)) there[key] = value;
  }
  return there;
}

function isThere<T>(value: T): value is Exclude<T, undefined> {
  return value !== undefined;
}
