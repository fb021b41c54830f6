/** Everything open towards one host: its connection, one channel per user, uploads. Opened when first needed. */

import { randomBytes } from 'node:crypto';
import { quote } from '../shell/sh.ts';
import { becomeCommand } from './become.ts';
import { Channel } from './channel.ts';
import type { Become, Connection, Target } from './connection.ts';
import { openConnection } from './open.ts';

export class Session {
  readonly target: Target;
  #connection: Promise<Connection> | undefined;
  readonly #channels = new Map<string, Promise<Channel>>();
  readonly #uploads: { readonly path: string; readonly become: Become | undefined }[] = [];

  constructor(target: Target) {
    this.target = target;
  }

  /** The channel of a user, opened once. Throws `host-unreachable`, `auth-failed`, `become-failed` and their like. */
  channel(become?: Become): Promise<Channel> {
    const key = become ? `${become.method} ${become.user}` : '';
    let channel = this.#channels.get(key);
    if (!channel) {
      channel = this.#open(become);
      this.#channels.set(key, channel);
      channel.catch(() => this.#channels.delete(key));
    }
    return channel;
  }

  /** Writes bytes to a temporary file on the host over a channel of its own; gives its path. Removed by `close`. */
  async upload(content: Uint8Array, become?: Become): Promise<string> {
    const pipe = await this.#start(become);
    const channel = await Channel.open(pipe, this.target.name);
    const path = `/tmp/.pb-upload-${randomBytes(12).toString('hex')}`;
    const done = channel.receive(path, content);
    this.#uploads.push({ path, become });
    await done;
    return path;
  }

  /** Ends the connection; what still runs on the host over it is ended too. */
  async close(): Promise<void> {
    for (const channel of this.#channels.values()) channel.then((open) => open.close()).catch(() => undefined);
    const connection = await this.#connection?.catch(() => undefined);
    this.#channels.clear();
    this.#connection = undefined;
    await connection?.close();
  }

  async #open(become: Become | undefined): Promise<Channel> {
    return Channel.open(await this.#start(become), this.target.name);
  }

  async #start(become: Become | undefined) {
    this.#connection ??= openConnection(this.target);
    const shell = `exec ${quote(this.target.shell ?? '/bin/sh')}`;
    try {
      const connection = await this.#connection;
      return await connection.start(become ? becomeCommand(become, shell) : shell);
    } catch (error) {
      this.#connection = undefined;
      throw error;
    }
  }
}
