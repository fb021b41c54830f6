/** Connections of a test: shells of this machine behind a wire that is slow at random, or is cut. */

import { PassThrough, type Readable, type Writable } from 'node:stream';
import { openLocal } from '../../../src/connection/local.ts';
import type { Connect, Connection, Pipe } from '../../../src/playbake.ts';
import { Random } from './random.ts';

export interface WireOptions {
  /** Chunks come up to so many milliseconds late; their order stays. Default: at once. */
  readonly delay?: number;
  readonly seed?: number;
  /** Hosts whose chunks come so many milliseconds late. */
  readonly late?: { readonly [host: string]: number };
  /** Nothing is answered before so many programs have been sent. */
  readonly holdUntil?: number;
  /** Programs before this one are answered all the same; default 1. */
  readonly holdFrom?: number;
  /** The wire is cut when so many frames have come back. */
  readonly cutAfter?: number;
}

export class Wire {
  /** Programs that have been answered. */
  frames = 0;
  /** The most that were under way at the same time. */
  mostUnderWay = 0;
  #sent = 0;
  #release: () => void = () => undefined;
  readonly #released = new Promise<void>((resolve) => {
    this.#release = resolve;
  });
  readonly #options: WireOptions;
  readonly #random: Random;
  readonly #locals: Connection[] = [];

  constructor(options: WireOptions = {}) {
    this.#options = options;
    this.#random = new Random(options.seed ?? 1);
  }

  /** Settles when all shells have ended, also those that nobody hears any more. */
  async end(): Promise<void> {
    await Promise.all(this.#locals.map((local) => local.close()));
  }

  readonly connect: Connect = async ({ name }) => {
    const local = openLocal();
    this.#locals.push(local);
    // Some hosts are slower than others.
    const slowness = this.#random.one([0.2, 1, 5]);
    const late = () => this.#late(slowness, this.#options.late?.[name]);
    let cut: (why: string) => void = () => undefined;
    const isCut = new Promise<string>((resolve) => {
      cut = resolve;
    });
    const lost = Promise.race([local.lost, isCut]);
    const connection: Connection = {
      lost,
      start: async (command) => {
        // Whoever becomes another user gets a shell of its own; that is enough here.
        const pipe = await local.start(command.startsWith('sudo ') ? 'exec /bin/sh' : command);
        return this.#behind(pipe, late, { isCut, cut });
      },
      close: () => local.close(),
    };
    return connection;
  };

  #behind(pipe: Pipe, late: Late, { isCut, cut }: { isCut: Promise<string>; cut: (why: string) => void }): Pipe {
    const stdin = slow(late, new PassThrough(), pipe.stdin, (chunk) => {
      this.#sent += chunk.toString('latin1').split(/^pb_go /m).length - 1;
      if (this.#sent >= (this.#options.holdUntil ?? 0)) this.#release();
      this.mostUnderWay = Math.max(this.mostUnderWay, this.#sent - this.frames);
      return true;
    });
    const isHeld = () => this.#sent >= (this.#options.holdFrom ?? 1);
    const held = () => (isHeld() ? Promise.all([late(), this.#released]) : late());
    const stdout = slow(held, pipe.stdout, new PassThrough(), (chunk) => {
      this.frames += chunk.toString('latin1').split(/^@[0-9a-f]+ end /m).length - 1;
      if (this.frames >= (this.#options.cutAfter ?? Number.POSITIVE_INFINITY)) {
        // As sshd does it: whoever still runs finds its input ended and its output closed.
        pipe.stdin.destroy();
        pipe.stdout.destroy();
        cut('the wire was cut');
        return false;
      }
      return true;
    });
    const closed = Promise.race([pipe.closed, isCut]);
    return { stdin: stdin.from, stdout: stdout.to, stderr: pipe.stderr, closed, destroy: () => pipe.destroy() };
  }

  #late(slowness: number, fixed: number | undefined): Promise<void> | undefined {
    const { delay } = this.#options;
    if (delay === undefined && fixed === undefined) return undefined;
    const time = fixed ?? this.#random.next() * (delay ?? 0) * slowness;
    return new Promise((resolve) => setTimeout(resolve, time));
  }
}

type Late = () => Promise<unknown> | undefined;

/** Passes chunks on, each after its while, none before the one before it. */
function slow<F extends Readable, T extends Writable>(
  late: Late,
  from: F,
  to: T,
  passes: (chunk: Buffer) => boolean = () => true,
): { readonly from: F; readonly to: T } {
  let last: Promise<unknown> = Promise.resolve();
  from.on('data', (chunk: Buffer) => {
    last = Promise.all([last, late()]).then(() => {
      if (passes(chunk) && to.writable) to.write(chunk);
    });
  });
  from.on('end', () => void last.then(() => to.end()));
  to.on('error', () => undefined);
  return { from, to };
}
