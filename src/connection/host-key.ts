/** Whether a host's key is the one that is known, and what to tell the user when it is not. */

import { createHash, randomBytes } from 'node:crypto';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Fault } from '../fault.ts';
import { quote } from '../shell/sh.ts';
import { type KnownKey, knownLine, knownName, readKnownKeys } from './known-hosts.ts';
import type { SshSettings } from './ssh-settings.ts';

export interface Verdict {
  /** Why the host is refused; undefined: it may be talked to. */
  readonly fault?: Fault;
  /** The key is another than the known one, and checking is off: as in ssh, no password is sent. */
  readonly distrusted?: true;
  /** The key is to be remembered. */
  readonly remember?: true;
}

export class HostKeys {
  readonly #settings: SshSettings;
  readonly #name: string;
  readonly #known: readonly KnownKey[];

  private constructor(settings: SshSettings, name: string, known: readonly KnownKey[]) {
    this.#settings = settings;
    this.#name = name;
    this.#known = known;
  }

  static async read(settings: SshSettings): Promise<HostKeys> {
    const { aliased, knownAs, port } = settings;
    const files = [...settings.userKnownHosts, ...settings.globalKnownHosts];
    const name = knownName(knownAs, aliased ? 22 : port);
    const known = await readKnownKeys(files, name);
    // A key noted without the port vouches for the host as well, as in ssh.
    const plain = known.length > 0 || aliased || port === 22 ? [] : await readKnownKeys(files, knownName(knownAs, 22));
    return new HostKeys(settings, name, [...known, ...plain]);
  }

  /** Types of known keys, to be asked for first. */
  get types(): readonly string[] {
    return [...new Set(this.#known.filter(({ marker }) => marker === '').map(({ type }) => type))];
  }

  /** Known by a certificate authority only, which ssh2 cannot check. */
  get certified(): boolean {
    return this.types.length === 0 && this.#known.some(({ marker }) => marker === '@cert-authority');
  }

  /** `key` is the public key as the host sends it. */
  judge(key: Buffer): Verdict {
    const type = keyType(key);
    const text = key.toString('base64');
    const same = this.#known.filter((known) => known.key === text);
    const revoked = same.find(({ marker }) => marker === '@revoked');
    if (revoked) return { fault: this.#revoked(revoked, type) };
    if (same.some(({ marker }) => marker === '')) return {};
    const other = this.#known.find((known) => known.marker === '' && known.type === type);
    const { strict } = this.#settings;
    if (other) return strict === 'no' ? { distrusted: true } : { fault: this.#changed(other, type, key) };
    return strict === 'yes' ? { fault: this.#unknown(type, key) } : { remember: true };
  }

  /** Notes the key in the first known_hosts file of the user. One that cannot be written is no error, as in ssh. */
  async remember(key: Buffer): Promise<void> {
    const [file] = this.#settings.userKnownHosts;
    if (file === undefined || file === '/dev/null') return;
    const salt = this.#settings.hashKnownHosts ? randomBytes(20) : undefined;
    const line = knownLine(this.#name, keyType(key), key.toString('base64'), salt);
    try {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      const text = await readFile(file, 'utf8').catch(() => '');
      // One write of a short line at the end of a file is atomic, also among processes.
      await appendFile(file, `${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`, { mode: 0o600 });
    } catch {
      // The connection is as good without.
    }
  }

  #unknown(type: string, key: Buffer): Fault {
    const { host, name, port, userKnownHosts } = this.#settings;
    const others = this.types.length > 0 ? ` (known are its ${this.types.join(', ')} keys)` : '';
    const scan = `ssh-keyscan${port === 22 ? '' : ` -p ${port}`} -t ${scanType(type)} ${host}`;
    return new Fault(
      'host-key-unknown',
      `${name}: the host key of ${this.#name} is not known${others}: ${type} ${fingerprint(key)}`,
      {
        hint: `compare the fingerprint, then run \`${scan} >>${quote(userKnownHosts[0] ?? '~/.ssh/known_hosts')}\`; or trust any key with ansible_host_key_checking=false`,
      },
    );
  }

  #changed({ file, line }: KnownKey, type: string, key: Buffer): Fault {
    return new Fault(
      'host-key-changed',
      `${this.#settings.name}: the host key of ${this.#name} has changed, someone may be listening: it is now ${type} ${fingerprint(key)}, the known one is in ${file}:${line}`,
      {
        where: { file, line },
        hint: `if the host was set up anew, forget the old key with \`ssh-keygen -R ${quote(this.#name)} -f ${quote(file)}\``,
      },
    );
  }

  #revoked({ file, line }: KnownKey, type: string): Fault {
    return new Fault(
      'host-key-changed',
      `${this.#settings.name}: the ${type} host key of ${this.#name} is revoked in ${file}:${line}`,
      { where: { file, line }, hint: 'give the host a new key; this one is known to be stolen' },
    );
  }
}

/** As ssh shows it: `SHA256:` and base64 without padding. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** A public key on the wire begins with the length and the text of its type. */
export function keyType(key: Buffer): string {
  return key.toString('latin1', 4, 4 + key.readUInt32BE(0));
}

/** The name of a key's type on ssh-keyscan's command line. */
function scanType(type: string): string {
  if (type.startsWith('ecdsa-')) return 'ecdsa';
  return type.replace(/^ssh-/, '');
}
