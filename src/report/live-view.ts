/** A terminal with lines that stay and, below them, a part that moves, drawn by listr2. */

import { Drawing } from './drawing.ts';
import type { FrameTask } from './frame.ts';

/** Milliseconds between two looks at the source. */
const TICK = 100;

export interface LiveSource {
  /** What moves now. */
  frame(): readonly FrameTask[];
  /** Text that has come up since the last call and stays. */
  lines(): string;
}

export class LiveView {
  readonly #source: LiveSource;
  readonly #write: (text: string) => void;
  #drawing: Drawing | undefined;
  #timer: NodeJS.Timeout | undefined;
  #work: Promise<void> | undefined;

  constructor(source: LiveSource, write: (text: string) => void) {
    this.#source = source;
    this.#write = write;
  }

  start(): void {
    this.#timer ??= setInterval(() => {
      this.#work ??= this.#tick().finally(() => {
        this.#work = undefined;
      });
    }, TICK);
  }

  /** Writes what stays and takes the moving part away; `start` brings it back. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#work;
    await this.#erase();
    this.#write(this.#source.lines());
  }

  /** Takes the moving part away at once: the terminal has another size, and listr2 counts lines by the old one. */
  async redraw(): Promise<void> {
    await this.#work;
    await this.#erase();
  }

  async #tick(): Promise<void> {
    const frame = this.#source.frame();
    const lines = this.#source.lines();
    if (lines !== '' || !this.#drawing?.fits(frame)) await this.#erase();
    if (lines !== '') this.#write(lines);
    if (this.#drawing) this.#drawing.update(frame);
    else if (frame.length > 0 && this.#timer) this.#drawing = new Drawing(await import('listr2'), frame);
  }

  async #erase(): Promise<void> {
    const drawing = this.#drawing;
    this.#drawing = undefined;
    await drawing?.end();
  }
}
