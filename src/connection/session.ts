/** Everything open towards one host: its connection, one channel per user, uploads. Opened when first needed. */

import { randomBytes } from 'node:crypto';
import { env } from 'node:process';
import { Fault } from '../fault.ts';
import type { Bytes } from '../shell/bytes.ts';
import { quote } from '../shell/sh.ts';
import { enter, entranceOf, explain } from './become.ts';
import { Channel, type ReceiveOptions } from './channel.ts';
import type { Become, Connect, Connection, Target } from './connection.ts';
import { endPrograms } from './end-programs.ts';
import { openConnection } from './open.ts';
import { SideBySide } from './side-by-side.ts';
import { Tail } from './tail.ts';

/**
 * So many uploads are under way at a time: sshd allows ten sessions on a connection (MaxSessions, sshd_config(5)). Some
 * allow two, which is why an upload that fails beside others is tried again alone.
 */
const UPLOADS = 4;

export interface UploadOptions extends ReceiveOptions {
  /** The new file; default: one in the directory for uploads, which is removed when the user's channel ends. */
  readonly path?: string | undefined;
}

/** One connection and what is open over it; a new one takes its place when it is lost. */
interface Line {
  readonly connection: Promise<Connection>;
  readonly channels: Map<string, Opened>;
  readonly uploads: SideBySide;
  lost: boolean;
}

interface Opened {
  readonly become: Become | undefined;
  readonly channel: Promise<Channel>;
}

export class Session {
  readonly target: Target;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #connect: Connect;
  #line: Line | undefined;
  #cancelled = false;

  /**
   * @param environment of this machine: where ssh finds its agent.
   * @param connect opens connections to the target.
   */
  constructor(target: Target, environment: NodeJS.ProcessEnv = env, connect: Connect = openConnection) {
    this.target = target;
    this.#environment = environment;
    this.#connect = connect;
  }

  /** Another session with the same host, which waits so many seconds for it. */
  withTimeout(timeout: number): Session {
    return new Session({ ...this.target, timeout }, this.#environment, this.#connect);
  }

  /** Whether a connection is open or being opened. */
  get alive(): boolean {
    return this.#line !== undefined;
  }

  /**
   * The channel of a user, opened once, and anew after it was lost.
   * Throws `host-unreachable`, `auth-failed`, `become-failed` and their like; `interrupted` after `cancel`.
   */
  async channel(become?: Become): Promise<Channel> {
    const channel = await this.greeted(become);
    await channel.hello;
    return channel;
  }

  /** As `channel`, when its shell may not have answered yet: what is sent meanwhile saves the wait, and rejects as `channel` would. */
  async greeted(become?: Become): Promise<Channel> {
    const line = this.#open();
    const key = become ? JSON.stringify([become.method, become.user, become.exe, become.flags]) : '';
    const there = line.channels.get(key);
    if (there) return there.channel;
    const opened = { become, channel: this.#channel(line, become) };
    line.channels.set(key, opened);
    const forget = () => {
      if (line.channels.get(key) === opened) line.channels.delete(key);
    };
    opened.channel.then((channel) => void channel.ended.then(forget), forget);
    return opened.channel;
  }

  /**
   * Writes bytes to a new file on the host over a channel of its own; gives its path. Throws what `channel` throws,
   * `upload-failed`, and what reading the content throws.
   */
  async upload(content: Bytes, become?: Become, { path, ...options }: UploadOptions = {}): Promise<string> {
    const to = path ?? `${(await this.channel(become)).shell.uploads}/${randomBytes(6).toString('hex')}`;
    const line = this.#open();
    await line.uploads.run(async () => (await this.#channel(line, become)).receive(to, content, options));
    return to;
  }

  /** Ends the connection; what still runs on the host over it is ended too, and our files there are removed. */
  async close(): Promise<void> {
    const line = this.#line;
    this.#line = undefined;
    if (line) await this.#end(line);
  }

  /** Like `close`, and for good: programs in flight are ended on the host, and the session opens nothing any more. */
  async cancel(): Promise<void> {
    this.#cancelled = true;
    await this.close();
  }

  #open(): Line {
    if (this.#cancelled) throw new Fault('interrupted', `${this.target.name}: the run was stopped`);
    if (this.#line) return this.#line;
    const line: Line = {
      connection: this.#connect(this.target, this.#environment),
      channels: new Map(),
      uploads: new SideBySide(UPLOADS),
      lost: false,
    };
    const forget = () => {
      line.lost = true;
      if (this.#line === line) this.#line = undefined;
    };
    line.connection.then((connection) => void connection.lost.then(forget), forget);
    this.#line = line;
    return line;
  }

  async #channel(line: Line, become: Become | undefined): Promise<Channel> {
    const { name, shell = '/bin/sh', timeout = 10 } = this.target;
    const connection = await line.connection;
    if (!become) return Channel.greet(await connection.start(`exec ${quote(shell)}`), name);
    const entrance = entranceOf(become, shell);
    const pipe = await connection.start(entrance.command);
    const said = new Tail(pipe.stderr);
    const explained = (fault: Fault) =>
      fault.code === 'connection-lost' && !line.lost ? explain(become, said.text.trim() || 'it ended at once') : fault;
    try {
      await enter(pipe, entrance, become, timeout + 2);
    } catch (error) {
      pipe.destroy();
      throw error instanceof Fault ? explained(error) : error;
    }
    const channel = Channel.greet(pipe, name, explained);
    const stop = () => said.stop();
    channel.hello.then(stop, stop);
    return channel;
  }

  async #end(line: Line): Promise<void> {
    const connection = await line.connection.catch(() => undefined);
    if (!connection) return;
    const opened = await Promise.all([...line.channels.values()].map(settled));
    await Promise.all(opened.map((one) => one?.channel.busy && !line.lost && this.#endPrograms(line, one)));
    for (const one of opened) one?.channel.close();
    await connection.close();
  }

  /** Best effort: a host that does not answer cannot be told. */
  async #endPrograms(line: Line, { become, channel }: { become: Become | undefined; channel: Channel }): Promise<void> {
    const work = Promise.all([channel.hello, this.#channel(line, become)]).then(
      ([{ directory, pid, uploads }, other]) => {
        const done = other.run(endPrograms(pid, [directory, uploads]));
        other.close();
        return done;
      },
    );
    const patience = new Promise<void>((resolve) => setTimeout(resolve, 5000).unref());
    await Promise.race([work.catch(() => undefined), patience]);
  }
}

async function settled({ become, channel }: Opened) {
  const open = await channel.catch(() => undefined);
  return open && { become, channel: open };
}
