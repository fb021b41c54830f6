/** Contents that are too large for a program: each goes raw over a channel of its own, to where it will stand, before the program. */

import type { Answer, Channel } from '../connection/channel.ts';
import type { Become } from '../connection/connection.ts';
import type { Session } from '../connection/session.ts';
import { Fault } from '../fault.ts';
import type { Bytes } from '../shell/bytes.ts';
import type { CompileOptions } from '../shell/compile.ts';
import { digestOf } from '../shell/digest-of.ts';
import type { Put } from '../shell/steps.ts';
import type { LargePut } from './large-puts.ts';

/** No file: were it read after all, the step would fail instead of writing nothing. */
const NOT_UPLOADED = '/dev/null/not-uploaded';

/** What a host says of the place where a put will write. */
interface Room {
  /** A file is there that is not to be replaced. */
  readonly kept: boolean;
  /** SHA-256 of the file that is there, where it has the length of the new one; else empty. */
  readonly sum: string;
  /** The new file's name while it is written, in the directory where it will stand; empty: it cannot be written there. */
  readonly path: string;
  readonly mask: string;
}

interface Upload {
  readonly path: string;
  readonly seen: 'same' | 'other';
}

/** Of one program. */
export class Uploads {
  readonly #session: Session;
  readonly #become: Become | undefined;
  readonly #made: { readonly channel: Channel; readonly path: string }[] = [];
  #dropping: Promise<unknown> | undefined;

  constructor(session: Session, become: Become | undefined) {
    this.#session = session;
    this.#become = become;
  }

  /**
   * Sends all that the host does not have already; for `compile`. Throws what `Session.upload` throws, when none is under
   * way any more.
   */
  async send(puts: readonly LargePut[]): Promise<Pick<CompileOptions, 'uploads' | 'seen'>> {
    const sent = await Promise.allSettled(puts.map(async (step) => [step, await this.#send(step)] as const));
    const done = sent.map((one) => {
      if (one.status === 'rejected') throw one.reason;
      return one.value;
    });
    return {
      uploads: new Map(done.map(([step, { path }]) => [step, path])),
      seen: new Map(done.map(([step, { seen }]) => [step, seen])),
    };
  }

  /** For check mode, where nothing is sent. */
  static none(puts: readonly LargePut[]): Pick<CompileOptions, 'uploads'> {
    return { uploads: new Map(puts.map((step) => [step, NOT_UPLOADED])) };
  }

  /** Has the host remove what is left of them once the programs that it was sent are done. */
  drop(): void {
    this.#dropping ??= Promise.allSettled(this.#made.map(({ channel, path }) => channel.drop(path)));
  }

  /** Settles when nothing of them is left on the host, or the host is lost. */
  async dropped(): Promise<void> {
    this.drop();
    await this.#dropping;
  }

  async #send(step: LargePut): Promise<Upload> {
    const content = typeof step.content === 'string' ? Buffer.from(step.content) : step.content;
    let room = await this.#look(step, content.length);
    if (room.kept || (room.sum !== '' && room.sum === digestOf('sha256', content))) {
      return { path: NOT_UPLOADED, seen: 'same' };
    }
    if (room.sum !== '') room = await this.#look({ ...step, differs: true }, content.length);
    return { path: await this.#upload(step, content, room), seen: 'other' };
  }

  async #upload({ onPiece }: Put, content: Bytes, { path, mask }: Room): Promise<string> {
    const elsewhere = async () => {
      const channel = await this.#session.greeted(this.#become);
      const path = await this.#session.upload(content, this.#become, { onPiece });
      this.#made.push({ channel, path });
      return path;
    };
    if (path === '') return elsewhere();
    try {
      return await this.#session.upload(content, this.#become, { path, mask, onPiece });
    } catch (error) {
      // The put itself will find out why it cannot be written there, and say so as ever.
      if (error instanceof Fault && error.code === 'upload-failed') return elsewhere();
      throw error;
    }
  }

  /** One trip. */
  async #look({ differs, follow, group, into, keep, mode, owner, path, verified }: Put, length: number): Promise<Room> {
    const channel = await this.#session.greeted(this.#become);
    const flags = [follow && 'f', keep && 'k', differs && 'd', verified && 'l'].filter(Boolean).join('');
    const words = [path, owner ?? '', group ?? '', mode ?? '', flags, into ?? ''];
    const room = roomOf(await channel.room(length, words));
    if (room.path !== '') this.#made.push({ channel, path: room.path });
    return room;
  }
}

function roomOf({ frames: [frame] }: Answer): Room {
  const [sum, path] = [frame?.first.toString('utf8') ?? '', frame?.second.toString('utf8') ?? ''];
  const state = frame?.state ?? '';
  return { kept: state === 'kept', sum, path, mask: state };
}
