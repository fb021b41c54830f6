/** SSH by ssh2: one connection to a host, many shells over it. */

import type { Client, ClientChannel } from 'ssh2';
import { Fault } from '../fault.ts';
import type { Connection, Pipe } from './connection.ts';
import type { HostKeys } from './host-key.ts';
import { noteConnection } from './keepalive.ts';
import { handshake } from './pace.ts';
import { hearing } from './silence.ts';
import { gatherCredentials } from './ssh-credentials.ts';
import { logIn } from './ssh-login.ts';
import { openRoute } from './ssh-route.ts';
import type { SshSettings } from './ssh-settings.ts';

/**
 * Throws `host-unresolved`, `host-unreachable`, `connection-timeout`, `auth-failed`, `key-invalid`, `host-key-unknown`,
 * `host-key-changed`.
 */
export async function openSsh(
  settings: SshSettings,
  hostKeys: HostKeys,
  environment: NodeJS.ProcessEnv,
): Promise<Connection> {
  // ssh2 loads and keys are read while the socket connects.
  const gathering = gatherCredentials(settings);
  gathering.catch(() => undefined);
  const route = await openRoute(settings, environment);
  try {
    const credentials = await gathering;
    const login = () => logIn(settings, hostKeys, credentials, route.socket);
    // Whether there is anybody behind a ProxyCommand is known only then.
    const client = await (settings.proxyCommand === undefined ? handshake(login) : hearing(login()));
    client.once('close', route.release);
    return new SshConnection(client, settings.name);
  } catch (error) {
    route.socket.destroy();
    route.release();
    throw error;
  }
}

class SshConnection implements Connection {
  readonly lost: Promise<string>;
  readonly #client: Client;
  readonly #name: string;

  constructor(client: Client, name: string) {
    this.#client = client;
    this.#name = name;
    noteConnection(client);
    this.lost = new Promise((resolve) => {
      client.on('error', (error) => resolve(error.message));
      client.on('close', () => resolve('the connection was closed'));
    });
  }

  start(command: string): Promise<Pipe> {
    return new Promise((resolve, reject) => {
      const refuse = (error: Error) => reject(this.#noShell(error));
      try {
        this.#client.exec(command, (error, channel) => {
          if (error) refuse(error);
          else resolve(this.#pipe(channel));
        });
      } catch (error) {
        refuse(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  async close(): Promise<void> {
    this.#client.end();
    await this.lost;
  }

  #noShell(cause: Error): Fault {
    return new Fault('connection-lost', `${this.#name}: no shell can be opened on the host: ${cause.message}`, {
      hint: 'the host may allow too few sessions on one connection: see MaxSessions in its sshd_config',
      cause,
    });
  }

  #pipe(channel: ClientChannel): Pipe {
    const closed = new Promise<string>((resolve) => {
      let exit: string | undefined;
      channel.on('exit', (code: number | null, signal?: string) => {
        exit = code === null ? `killed by ${signal}` : `exit ${code}`;
      });
      channel.on('close', () => resolve(exit ?? 'the connection was closed'));
      void this.lost.then(resolve);
    });
    return { stdin: channel, stdout: channel, stderr: channel.stderr, closed, destroy: () => channel.close() };
  }
}
