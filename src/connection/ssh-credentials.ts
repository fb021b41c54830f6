/** What we can prove who we are with, in the order in which it is tried. */

import type { AnyAuthMethod } from 'ssh2';
import { Fault } from '../fault.ts';
import { type PrivateKey, readPrivateKey, type Unusable, type Usable } from './private-key.ts';
import { type AgentKeys, askAgent } from './ssh-agent.ts';
import type { SshSettings } from './ssh-settings.ts';

export interface Attempt {
  readonly method: AnyAuthMethod;
  /** The method's name in the protocol. */
  readonly as: 'publickey' | 'password' | 'keyboard-interactive' | 'none';
  /** For messages: `key /home/me/.ssh/id_ed25519`. */
  readonly words: string;
}

export interface Credentials {
  readonly attempts: readonly Attempt[];
  /** What would have been tried, and why it could not be. */
  readonly unusable: readonly string[];
  /** Why the key that the user named cannot be used: tells more than that the login was refused. */
  readonly fault: Fault | undefined;
}

/** Throws `key-invalid` when the key that the user named cannot be used and there is nothing else to try. */
export async function gatherCredentials(settings: SshSettings): Promise<Credentials> {
  const { agent: socket, explicitKey, identityFiles, passphrase, publicKeys, user } = settings;
  const paths = publicKeys ? identityFiles : [];
  const [agent, ...keys] = await Promise.all([
    publicKeys && socket !== undefined ? askAgent(socket) : undefined,
    ...paths.map((path) => readPrivateKey(path, passphrase)),
  ]);
  const attempts: Attempt[] = [];
  const offered: Buffer[] = [];
  const offerFile = (key: Usable) => {
    offered.push(key.public);
    attempts.push({
      method: { type: 'publickey', username: user, key: key.key },
      as: 'publickey',
      words: `key ${key.path}`,
    });
  };
  const offerAgent = (chosen: readonly Buffer[]) => {
    const fresh = chosen.filter((one) => !offered.some((other) => other.equals(one)));
    if (!agent || fresh.length === 0) return;
    offered.push(...fresh);
    const words = `agent (${fresh.length} ${fresh.length === 1 ? 'key' : 'keys'})`;
    attempts.push({ method: { type: 'agent', username: user, agent: agent.offering(fresh) }, as: 'publickey', words });
  };
  const explicit = keys.find(({ path }) => path === explicitKey);
  if (explicit && 'key' in explicit) offerFile(explicit);
  else if (explicit) offerAgent(heldBy(agent, [explicit]));
  offerAgent(settings.identitiesOnly ? heldBy(agent, keys) : (agent?.keys ?? []));
  for (const key of keys) if ('key' in key && !offered.some((one) => one.equals(key.public))) offerFile(key);
  const fault =
    explicit && 'problem' in explicit && !isOffered(explicit, offered) ? keyFault(settings, explicit) : undefined;
  attempts.push(...passwordAttempts(settings));
  if (fault && attempts.length === 0) throw fault;
  if (attempts.length === 0)
    attempts.push({ method: { type: 'none', username: user }, as: 'none', words: 'no key or password' });
  return { attempts, unusable: unusableWords(keys, offered), fault };
}

function passwordAttempts({ keyboardInteractive, password, passwords, user: username }: SshSettings): Attempt[] {
  if (password === undefined) return [];
  const attempts: Attempt[] = [];
  if (passwords) attempts.push({ method: { type: 'password', username, password }, as: 'password', words: 'password' });
  if (keyboardInteractive) {
    attempts.push({
      method: {
        type: 'keyboard-interactive',
        username,
        prompt: (_name, _instructions, _language, prompts, answer) =>
          answer(prompts.map(({ echo }) => (echo ? username : password))),
      },
      as: 'keyboard-interactive',
      words: 'keyboard-interactive',
    });
  }
  return attempts;
}

function heldBy(agent: AgentKeys | undefined, keys: readonly PrivateKey[]): readonly Buffer[] {
  return (agent?.keys ?? []).filter((held) => keys.some((key) => key.public?.equals(held)));
}

function isOffered(key: Unusable, offered: readonly Buffer[]): boolean {
  return offered.some((one) => key.public?.equals(one));
}

function unusableWords(keys: readonly PrivateKey[], offered: readonly Buffer[]): string[] {
  return keys.flatMap((key) => {
    if (!('problem' in key) || key.problem === 'missing' || isOffered(key, offered)) return [];
    return [`key ${key.path} (${key.problem})`];
  });
}

function keyFault({ name }: SshSettings, { detail, path, problem }: Unusable): Fault {
  const words = {
    missing: ['does not exist', 'mend ansible_ssh_private_key_file or --private-key'],
    unreadable: [`cannot be read: ${detail}`, 'mend its permissions'],
    encrypted: [
      'is encrypted, and there is no passphrase',
      `load it into an agent with \`ssh-add ${path}\`, or set ansible_ssh_private_key_passphrase`,
    ],
    'wrong passphrase': ['cannot be decrypted: the passphrase is wrong', 'mend ansible_ssh_private_key_passphrase'],
    invalid: [`is not a private key that can be used: ${detail}`, 'name a key in OpenSSH, PEM or PuTTY format'],
    'security key': ['is on a security key', 'set ansible_connection=openssh, which needs the ssh command'],
  }[problem];
  return new Fault('key-invalid', `${name}: the private key ${path} ${words[0]}`, { hint: words[1] });
}
