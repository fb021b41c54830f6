/** One persistent `sh` on a host: programs go in, frames come out, many programs in flight, answered in order. */

import { randomBytes } from 'node:crypto';
import { Fault } from '../fault.ts';
import { type Frame, FrameReader } from '../shell/frames.ts';
import { PRELUDE } from '../shell/prelude.ts';
import { quote } from '../shell/sh.ts';
import type { Pipe } from './connection.ts';

export interface Answer {
  readonly frames: readonly Frame[];
  /** The program was not run, because an earlier one of its train failed. */
  readonly refused: boolean;
  /** The program itself ended early or was not valid shell; not a step that failed. */
  readonly rc: number;
}

export interface ProgramOptions {
  /** Programs of one train: when one fails, the host refuses the rest. */
  readonly train?: string;
  /** Told the last line that a running command wrote, about once a second. */
  readonly onProgress?: (line: string) => void;
}

interface Waiting {
  readonly frames: Frame[];
  readonly onProgress: ((line: string) => void) | undefined;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Fault) => void;
}

export class Channel {
  /** Process id of the shell on the host. */
  readonly pid: number;
  readonly #pipe: Pipe;
  readonly #state: ChannelState;

  private constructor(pipe: Pipe, state: ChannelState, pid: number) {
    this.#pipe = pipe;
    this.#state = state;
    this.pid = pid;
  }

  /**
   * Speaks to a shell that reads commands from its stdin.
   * @param pipe a fresh shell; whatever it prints before our first word is passed over.
   * @param host its name, for faults.
   * Throws `connection-lost` when the shell ends before it answers.
   */
  static async open(pipe: Pipe, host: string): Promise<Channel> {
    const nonce = randomBytes(12).toString('hex');
    const state = new ChannelState(host, nonce);
    pipe.stdout.on('data', (chunk: Buffer) => state.reader.push(chunk));
    pipe.stderr.on('data', (chunk: Buffer) => state.keepError(chunk));
    pipe.stdin.on('error', () => undefined);
    void pipe.closed.then((why) => state.end(why));
    const hello = state.expectHello();
    pipe.stdin.write(greeting(nonce));
    return new Channel(pipe, state, await hello);
  }

  /** Runs a program; resolves with its frames. Rejects with `connection-lost` when the shell dies first. */
  run(program: string, options: ProgramOptions = {}): Promise<Answer> {
    return this.#send(`pb_go ${quote(options.train ?? '')} ${quote(program)}\n`, options.onProgress);
  }

  /** Starts a program in the background as job `id`, for at most `seconds`; its frames go to `~/.ansible_async/ID`. */
  start(id: string, seconds: number, program: string): Promise<Answer> {
    return this.#send(`pb_job ${quote(id)} ${seconds} ${quote(program)}\n`, undefined);
  }

  /**
   * Writes bytes to a file on the host and ends the shell: it becomes `cat`, so that bytes of any kind pass.
   * Rejects with `connection-lost` and why when the file could not be written.
   */
  async receive(path: string, content: Uint8Array): Promise<void> {
    const words = quote(path);
    const ready = `umask 077; if : >${words}; then pb_say end ready 0 '' ''; exec cat >${words}; else exit 1; fi\n`;
    await new Promise<Answer>((resolve, reject) => {
      this.#state.expect({ frames: [], onProgress: undefined, resolve, reject });
      this.#pipe.stdin.write(ready);
    });
    this.#pipe.stdin.end(content);
    const why = await this.#pipe.closed;
    if (why !== 'exit 0') throw this.#state.lost(why);
  }

  /** Ends the shell when all programs have answered. */
  close(): void {
    this.#pipe.stdin.end();
  }

  destroy(): void {
    this.#pipe.destroy();
  }

  #send(line: string, onProgress: ((line: string) => void) | undefined): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#state.expect({ frames: [], onProgress, resolve, reject });
      this.#pipe.stdin.write(line);
    });
  }
}

class ChannelState {
  readonly reader: FrameReader;
  readonly #host: string;
  readonly #waiting: Waiting[] = [];
  #hello: { resolve: (pid: number) => void; reject: (error: Fault) => void } | undefined;
  #errors = '';
  #ended: string | undefined;

  constructor(host: string, nonce: string) {
    this.#host = host;
    this.reader = new FrameReader(nonce, (frame) => this.#take(frame));
  }

  expectHello(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#hello = { resolve, reject };
      if (this.#ended !== undefined) reject(this.#lost());
    });
  }

  expect(waiting: Waiting): void {
    if (this.#ended !== undefined) waiting.reject(this.#lost());
    else this.#waiting.push(waiting);
  }

  keepError(chunk: Buffer): void {
    this.#errors = (this.#errors + chunk.toString('utf8')).slice(-2000);
  }

  end(why: string): void {
    this.#ended ??= why;
    this.#hello?.reject(this.#lost());
    for (const waiting of this.#waiting.splice(0)) waiting.reject(this.#lost());
  }

  #take(frame: Frame): void {
    if (frame.index === 'hello') {
      this.#hello?.resolve(frame.rc);
      this.#hello = undefined;
      return;
    }
    const first = this.#waiting[0];
    if (!first) return;
    if (frame.index === '+') first.onProgress?.(frame.first.toString('utf8'));
    else if (frame.index === 'end') {
      this.#waiting.shift();
      first.resolve({ frames: first.frames, refused: frame.state === 'refused', rc: frame.rc });
    } else first.frames.push(frame);
  }

  lost(why: string): Fault {
    this.#ended ??= why;
    return this.#lost();
  }

  #lost(): Fault {
    const said = this.#errors.trim();
    const words = said ? `${this.#ended}: ${said}` : (this.#ended ?? 'it ended');
    return new Fault('connection-lost', `the shell on ${this.#host} ended: ${words}`);
  }
}

/** A private directory in memory where there is one, so that a full disk does not stop us from answering. */
function greeting(nonce: string): string {
  return `pb_n=${nonce}${PRELUDE}
umask 022
for pb_q in /dev/shm "\${TMPDIR:-/tmp}" /tmp /var/tmp "$HOME"; do
  pb_d=$pb_q/.pb-$pb_n; ( umask 077; mkdir "$pb_d" && : >"$pb_d/o" ) 2>/dev/null && break; pb_d=
done
trap 'rm -rf "$pb_d"' EXIT; trap 'exit 129' HUP TERM
if [ -n "$pb_d" ]; then pb_say hello ready $$ '' ''; else echo 'no directory to write to (tried /dev/shm, /tmp, /var/tmp and the home)' >&2; exit 1; fi
`;
}
