/** The way to a host's SSH port: straight, by a ProxyCommand, or through jump hosts that all who need them share. */

import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import { Fault } from '../fault.ts';
import { HostKeys } from './host-key.ts';
import { handshake } from './pace.ts';
import { hearing } from './silence.ts';
import { gatherCredentials } from './ssh-credentials.ts';
import { logIn } from './ssh-login.ts';
import { type SshSettings, sshSettings } from './ssh-settings.ts';
import { connectSocket, proxySocket } from './ssh-socket.ts';

export interface Route {
  readonly socket: Duplex;
  /** To be called when the socket is no longer used. */
  release(): void;
}

/** Throws what `connectSocket` and, for jump hosts, what `logIn` throw. */
export async function openRoute(settings: SshSettings, environment: NodeJS.ProcessEnv): Promise<Route> {
  if (settings.jumps.length > 0) return jumpRoute(settings, environment);
  const { proxyCommand } = settings;
  const socket = proxyCommand === undefined ? await hearing(connectSocket(settings)) : proxySocket(proxyCommand);
  return { socket, release: () => undefined };
}

async function jumpRoute(settings: SshSettings, environment: NodeJS.ProcessEnv): Promise<Route> {
  const jump = await acquire(settings, environment);
  try {
    const socket = await hearing(forward(jump.client, settings));
    return { socket, release: jump.release };
  } catch (error) {
    jump.release();
    throw error;
  }
}

function forward(client: Client, { host, jumps, name, port }: SshSettings): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    client.forwardOut('127.0.0.1', 0, host, port, (error, channel) => {
      if (!error) return resolve(channel);
      const message = `${name}: the jump host ${jumps.at(-1)} cannot connect to ${host} port ${port}: ${error.message}`;
      reject(new Fault('host-unreachable', message, { cause: error }));
    });
  });
}

interface SharedJump {
  readonly client: Promise<Client>;
  users: number;
}

/** Connections to jump hosts by their settings: fifty hosts behind one bastion make one connection to it. */
const shared = new Map<string, SharedJump>();

async function acquire(settings: SshSettings, environment: NodeJS.ProcessEnv) {
  const jump = await jumpSettings(settings, environment);
  const key = JSON.stringify([jump.host, jump.port, jump.user, jump.jumps, jump.options.get('identityfile') ?? []]);
  let entry = shared.get(key);
  if (!entry) {
    const created: SharedJump = { client: openJump(jump, environment), users: 0 };
    const forget = () => {
      if (shared.get(key) === created) shared.delete(key);
    };
    created.client.then((client) => client.once('close', forget), forget);
    shared.set(key, created);
    entry = created;
  }
  const mine = entry;
  mine.users++;
  const release = () => {
    if (--mine.users > 0) return;
    if (shared.get(key) === mine) shared.delete(key);
    void mine.client.then((client) => client.end()).catch(() => undefined);
  };
  try {
    return { client: await mine.client, release };
  } catch (error) {
    release();
    throw error;
  }
}

/**
 * The last jump host of a chain, reached through those before it. As in ssh, what the inventory and the command line
 * say (keys, known_hosts …) is for the host itself; a jump host has its own settings in ssh's configuration.
 */
async function jumpSettings(settings: SshSettings, environment: NodeJS.ProcessEnv): Promise<SshSettings> {
  const { configFile, jumps, name, strict, timeout } = settings;
  const hop = /^(?:ssh:\/\/)?(?:([^@]+)@)?(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(jumps.at(-1)!);
  if (!hop) throw new Fault('value-invalid', `${name}: "${jumps.at(-1)}" is not a jump host ([user@]host[:port])`);
  const target = {
    name: `${name} (jump host ${jumps.at(-1)})`,
    kind: 'ssh',
    address: hop[2] ?? hop[3]!,
    user: hop[1],
    port: hop[4] === undefined ? undefined : Number(hop[4]),
    hostKeyChecking: strict !== 'no',
    timeout,
    sshArgs: configFile && `-F '${configFile}'`,
  };
  const own = await sshSettings(target, environment);
  return jumps.length > 1 ? { ...own, jumps: jumps.slice(0, -1), proxyCommand: undefined } : own;
}

async function openJump(settings: SshSettings, environment: NodeJS.ProcessEnv): Promise<Client> {
  const [hostKeys, credentials, route] = await Promise.all([
    HostKeys.read(settings),
    gatherCredentials(settings),
    openRoute(settings, environment),
  ]);
  try {
    const client = await handshake(() => logIn(settings, hostKeys, credentials, route.socket));
    client.once('close', route.release);
    return client;
  } catch (error) {
    route.release();
    throw error;
  }
}
