/** One persistent `sh` on a host: programs go in, frames come out, many programs in flight, answered in order. */

import { randomBytes } from 'node:crypto';
import { Fault } from '../fault.ts';
import type { Bytes } from '../shell/bytes.ts';
import { type Frame, FrameReader } from '../shell/frames.ts';
import { quote } from '../shell/sh.ts';
import type { Pipe } from './connection.ts';
import { greeting } from './greeting.ts';
import { probeOf, sendContent } from './send-content.ts';
import { Tail } from './tail.ts';

export interface Answer {
  readonly frames: readonly Frame[];
  /** The program was not run, because an earlier task of its train failed. */
  readonly refused: boolean;
  /** The program itself ended early or was not valid shell; not a step that failed. */
  readonly rc: number;
}

/**
 * The place of a program in a train: when a program fails, the host refuses those of the later tasks of its train, and
 * none of later trains. Of what is sent to a host each task has a greater number than those before.
 */
export interface TrainPlace {
  /** Number of the train's first task; from 1. */
  readonly first: number;
  /** Number of the program's own. */
  readonly task: number;
}

export interface ProgramOptions {
  /** What to refuse it for; default: nothing. */
  readonly place?: TrainPlace | undefined;
  /** Told the last line that a running command wrote, about once a second. */
  readonly onProgress?: (line: string) => void;
}

export interface ReceiveOptions {
  /** The file's umask; default 077: for the user only. */
  readonly mask?: string | undefined;
  /** Told each piece when it is on its way. */
  readonly onPiece?: ((piece: Uint8Array) => void) | undefined;
}

/** What a shell says of itself when it is there. */
interface Hello {
  /** Process id on the host. */
  readonly pid: number;
  /** Where its uploads are to be; made when first needed. */
  readonly uploads: string;
  /** Its private directory. */
  readonly directory: string;
}

/** How long a shell may take to answer at first, in seconds. */
const PATIENCE = 30;

interface Waiting {
  readonly frames: Frame[];
  readonly onProgress: ((line: string) => void) | undefined;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Fault) => void;
}

export class Channel {
  /** What the shell says of itself when it is there; rejects with why it is not. */
  readonly hello: Promise<Hello>;
  /** Settles when the shell is gone. Never rejects. */
  readonly ended: Promise<string>;
  readonly #pipe: Pipe;
  readonly #state: ChannelState;
  #unsent = '';

  private constructor(pipe: Pipe, state: ChannelState) {
    this.#pipe = pipe;
    this.#state = state;
    this.hello = state.hello;
    this.ended = pipe.closed;
  }

  /**
   * Speaks to a shell that reads commands from its stdin. It may not have answered yet: what is sent goes behind the
   * greeting, and rejects as `hello` does, with `connection-lost` when the shell ends before it answers, and with
   * `connection-timeout` when it does not answer.
   * @param pipe a fresh shell; whatever it prints before our first word is passed over.
   * @param host its name, for faults.
   * @param explain says in better words why it never answered.
   */
  static greet(pipe: Pipe, host: string, explain: (fault: Fault) => Fault = (fault) => fault): Channel {
    const nonce = randomBytes(12).toString('hex');
    const state = new ChannelState(pipe, host, nonce, explain);
    const timer = setTimeout(() => {
      state.fail(new Fault('connection-timeout', `${host}: its shell does not answer within ${PATIENCE} s`));
      pipe.destroy();
    }, PATIENCE * 1000);
    const stop = () => clearTimeout(timer);
    state.hello.then(stop, stop);
    pipe.stdin.write(greeting(nonce));
    return new Channel(pipe, state);
  }

  /** What the shell has said of itself. */
  get shell(): Hello {
    if (!this.#state.said) throw new RangeError('the shell has not answered yet');
    return this.#state.said;
  }

  /** Programs that have not answered yet. */
  get busy(): boolean {
    return this.#state.busy;
  }

  /** Runs a program; resolves with its frames. Rejects with `connection-lost` when the shell dies first. */
  run(program: string, options: ProgramOptions = {}): Promise<Answer> {
    const { first, task } = options.place ?? { first: 0, task: 0 };
    return this.#send(`pb_go ${first} ${task} ${secret()} ${quote(program)}\n`, options.onProgress);
  }

  /** Starts a program in the background as job `id`, for at most `seconds`; its frames go to `~/.ansible_async/ID`. */
  start(id: string, seconds: number, program: string): Promise<Answer> {
    return this.#send(`pb_job ${quote(id)} ${secret()} ${seconds} ${quote(program)}\n`, undefined);
  }

  /**
   * Asks where a file of so many bytes may be written, by the words of `pb_room`; what is written there is removed when the
   * shell ends, or by `drop`.
   */
  room(length: number, words: readonly string[]): Promise<Answer> {
    return this.#call('pb_room', [secret(), String(length), ...words]);
  }

  /** Removes what was written where `room` said, unless it has gone where it belongs. */
  drop(path: string): Promise<Answer> {
    return this.#call('pb_drop', [path]);
  }

  /**
   * Writes bytes to a new file on the host and ends the shell. A file that is not whole does not stay.
   * Rejects with `upload-failed` when the file cannot be written, with `connection-lost` when the connection ends, with
   * `file-unreadable` when the content cannot be read.
   */
  async receive(path: string, content: Bytes, { mask = '077', onPiece }: ReceiveOptions = {}): Promise<void> {
    const probe = probeOf(content.length);
    const ready = this.#send(`pb_take ${quote(path)} ${content.length} ${mask} ${probe}; exit $?\n`, undefined);
    const unpacks = ready.then(({ frames }) => frames[0]?.state === 'gzip');
    const probed = probe > 0 ? this.#send('', undefined) : ready;
    probed.catch(() => undefined);
    let broken: unknown;
    // A shell that ends while it is written to never takes the rest: then nothing comes of this.
    sendContent(this.#pipe.stdin, content, { unpacks, probed, onPiece }).catch((error: unknown) => {
      broken = error;
      this.#pipe.destroy();
    });
    const why = await this.ended;
    if (why === 'exit 0') return;
    if (broken instanceof Fault && broken.code === 'file-unreadable') throw broken;
    const lost = this.#state.lost(why);
    if (!why.startsWith('exit ')) throw lost;
    throw new Fault('upload-failed', lost.message, {
      hint: 'see whether there is room on the host, in /tmp or where TMPDIR points',
    });
  }

  /** Ends the shell when all programs have answered. */
  close(): void {
    this.#flush();
    this.#pipe.stdin.end();
  }

  destroy(): void {
    this.#pipe.destroy();
  }

  /** The shell itself calls one of our functions, in no program. */
  #call(name: string, words: readonly string[]): Promise<Answer> {
    return this.#send(`${name} ${words.map(quote).join(' ')} </dev/null 2>/dev/null\n`, undefined);
  }

  #send(line: string, onProgress: ((line: string) => void) | undefined): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#state.expect({ frames: [], onProgress, resolve, reject });
      if (this.#unsent === '') process.nextTick(() => this.#flush());
      this.#unsent += line;
    });
  }

  /** Programs that are sent in one turn travel in one packet. */
  #flush(): void {
    const text = this.#unsent;
    this.#unsent = '';
    if (text !== '' && this.#pipe.stdin.writable) this.#pipe.stdin.write(text);
  }
}

/** What a program names its new files by: nobody else can foresee it. */
function secret(): string {
  return randomBytes(8).toString('hex');
}

class ChannelState {
  readonly #host: string;
  readonly #said: Tail;
  readonly #waiting: Waiting[] = [];
  readonly #explain: (fault: Fault) => Fault;
  readonly hello: Promise<Hello>;
  said: Hello | undefined;
  #answer: (hello: Hello) => void = () => undefined;
  #refuse: (fault: Fault) => void = () => undefined;
  #fault: Fault | undefined;

  constructor(pipe: Pipe, host: string, nonce: string, explain: (fault: Fault) => Fault) {
    this.#host = host;
    this.#explain = explain;
    this.hello = new Promise((resolve, reject) => {
      this.#answer = resolve;
      this.#refuse = reject;
    });
    this.hello.catch(() => undefined);
    this.#said = new Tail(pipe.stderr);
    const reader = new FrameReader(nonce, (frame) => this.#take(frame));
    pipe.stdout.on('data', (chunk: Buffer) => reader.push(chunk));
    pipe.stdin.on('error', () => undefined);
    void pipe.closed.then((why) => this.fail(this.lost(why)));
  }

  get busy(): boolean {
    return this.#waiting.length > 0;
  }

  expect(waiting: Waiting): void {
    if (this.#fault) waiting.reject(this.#fault);
    else this.#waiting.push(waiting);
  }

  fail(fault: Fault): void {
    this.#fault ??= this.said ? fault : this.#explain(fault);
    this.#refuse(this.#fault);
    for (const waiting of this.#waiting.splice(0)) waiting.reject(this.#fault);
  }

  lost(why: string): Fault {
    const said = this.#said.text.trim();
    return new Fault('connection-lost', `the shell on ${this.#host} ended: ${why}${said && `: ${said}`}`);
  }

  #take(frame: Frame): void {
    if (frame.index === 'hello') {
      const [uploads, directory] = [frame.first.toString('utf8'), frame.second.toString('utf8')];
      this.said = { pid: frame.rc, uploads, directory };
      this.#answer(this.said);
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
}
