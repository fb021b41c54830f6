/** From a byte stream to a logged-in ssh2 client: handshake, host key, authentication. */

import type { Duplex } from 'node:stream';
import type {
  Algorithms,
  AuthenticationType,
  Client,
  ConnectConfig,
  NextAuthHandler,
  ServerHostKeyAlgorithm,
} from 'ssh2';
import type { Fault } from '../fault.ts';
import type { HostKeys } from './host-key.ts';
import { keepaliveFor, openConnections } from './keepalive.ts';
import { loadSsh2 } from './load-ssh2.ts';
import type { Attempt, Credentials } from './ssh-credentials.ts';
import { asTurnedAway, brokenFault, refusedFault, timeoutFault } from './ssh-faults.ts';
import type { SshSettings } from './ssh-settings.ts';

/** Throws `host-key-…`, `auth-failed`, `key-invalid`, `connection-timeout`, `host-unreachable`. Ends the stream when it fails. */
export async function logIn(
  settings: SshSettings,
  hostKeys: HostKeys,
  credentials: Credentials,
  socket: Duplex,
): Promise<Client> {
  const ssh2 = await loadSsh2();
  if (socket.destroyed) {
    throw asTurnedAway(brokenFault(settings, socket.errored?.message ?? 'it closed the connection'));
  }
  return new Login(new ssh2.Client(), settings, hostKeys, credentials).run(socket);
}

class Login {
  readonly #client: Client;
  readonly #settings: SshSettings;
  readonly #hostKeys: HostKeys;
  readonly #credentials: Credentials;
  readonly #left: Attempt[];
  readonly #tried: string[] = [];
  #allowed: readonly string[] = [];
  #fault: Fault | undefined;
  /** The host has sent its key. */
  #spoken = false;

  constructor(client: Client, settings: SshSettings, hostKeys: HostKeys, credentials: Credentials) {
    this.#client = client;
    this.#settings = settings;
    this.#hostKeys = hostKeys;
    this.#credentials = credentials;
    this.#left = [...credentials.attempts];
  }

  run(socket: Duplex): Promise<Client> {
    const client = this.#client;
    return new Promise((resolve, reject) => {
      const fail = (fault: Fault) => {
        reject(this.#fault ?? fault);
        client.destroy();
        socket.destroy();
      };
      client.once('ready', () => resolve(client));
      // The listener stays: an error without one would end the process.
      client.on('error', (error) => {
        // An agent that refuses to sign is no end: ssh2 goes on with the next key.
        if (error.level !== 'agent') fail(this.#explain(error));
      });
      client.on('close', () => fail(brokenFault(this.#settings, 'it closed the connection')));
      client.connect({ ...this.#config(), sock: socket });
    });
  }

  #config(): ConnectConfig {
    const { agent, forwardAgent, keepalive, keepaliveCount, timeout, user } = this.#settings;
    return {
      username: user,
      readyTimeout: timeout * 1000,
      keepaliveInterval: (keepalive ?? keepaliveFor(openConnections())) * 1000,
      keepaliveCountMax: keepaliveCount,
      algorithms: preferring(this.#hostKeys.types),
      hostVerifier: (key: Buffer, verify: (valid: boolean) => void) => this.#verify(key, verify),
      authHandler: (allowed: AuthenticationType[] | null, _partial: boolean, next: NextAuthHandler) =>
        this.#authenticate(allowed, next),
      ...(forwardAgent && agent !== undefined && { agent, agentForward: true }),
    };
  }

  #verify(key: Buffer, verify: (valid: boolean) => void): void {
    this.#spoken = true;
    const { distrusted, fault, remember } = this.#hostKeys.judge(key);
    this.#fault = fault;
    if (distrusted) this.#dropPasswords();
    if (remember) void this.#hostKeys.remember(key).then(() => verify(true));
    else verify(fault === undefined);
  }

  #dropPasswords(): void {
    for (let index = this.#left.length - 1; index >= 0; index--) {
      const as = this.#left[index]!.as;
      if (as !== 'password' && as !== 'keyboard-interactive') continue;
      this.#left.splice(index, 1);
      this.#tried.push('no password, because the host key has changed');
    }
  }

  #authenticate(allowed: readonly string[] | null, next: NextAuthHandler): void {
    this.#allowed = allowed ?? [];
    for (let attempt = this.#left.shift(); attempt; attempt = this.#left.shift()) {
      if (allowed && !allowed.includes(attempt.as)) continue;
      this.#tried.push(attempt.words);
      next(attempt.method);
      return;
    }
    this.#fault ??= this.#credentials.fault ?? this.#refused();
    this.#client.end();
  }

  #refused(because = ''): Fault {
    const tried = [...this.#tried, ...this.#credentials.unusable];
    return refusedFault(this.#settings, tried, this.#allowed, because);
  }

  #explain(error: Error & { readonly level?: string }): Fault {
    if (error.level === 'client-timeout') {
      const what =
        this.#tried.length > 0 ? 'did not finish the login' : 'accepts connections but does not answer as SSH';
      return timeoutFault(this.#settings, what);
    }
    if (/too many authentication failures/i.test(error.message)) return this.#refused(' (too many attempts)');
    const broken = brokenFault(this.#settings, error.message);
    return HUNG_UP.test(error.message) && !this.#spoken ? asTurnedAway(broken) : broken;
  }
}

/** What ssh2 and Node say when the other side hangs up. */
const HUNG_UP = /before handshake|ECONNRESET|EPIPE/;

const HOST_KEY_ALGORITHMS: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
  'ssh-rsa',
];

/** The algorithms of known keys first, so that the host answers with a key that can be compared. */
function preferring(types: readonly string[]): Algorithms {
  const isKnown = (algorithm: string) => types.includes(algorithm.startsWith('rsa-') ? 'ssh-rsa' : algorithm);
  const known = HOST_KEY_ALGORITHMS.filter(isKnown);
  return { serverHostKey: [...known, ...HOST_KEY_ALGORITHMS.filter((algorithm) => !isKnown(algorithm))] };
}
