/** One life of a listr2 list: a fixed set of tasks and hosts whose titles and states change. It leaves nothing behind. */

import type { DefaultRenderer, Listr, ListrTask, ListrTaskWrapper, SimpleRenderer } from 'listr2';
import type { FrameRow, FrameTask } from './frame.ts';

type Listr2 = { readonly Listr: typeof Listr };
type Wrapper = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof SimpleRenderer>;

/** A task of listr2 that is ended from outside. */
interface Slot {
  readonly task: Wrapper['task'];
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class Drawing {
  readonly #keys: string;
  readonly #slots = new Map<string, Slot>();
  readonly #ended: Promise<unknown>;
  #over = false;

  constructor({ Listr }: Listr2, frame: readonly FrameTask[]) {
    this.#keys = keysOf(frame);
    const list = new Listr<unknown, 'default', 'simple'>(
      frame.map((task) => this.#task(task)),
      {
        concurrent: true,
        exitOnError: false,
        registerSignalListeners: false,
        renderer: 'default',
        rendererOptions: { clearOutput: true, formatOutput: 'truncate', showErrorMessage: false },
      },
    );
    this.#ended = list.run();
    this.update(frame);
  }

  /** Whether a frame has the same tasks and hosts, so that `update` can show it. */
  fits(frame: readonly FrameTask[]): boolean {
    return this.#keys === keysOf(frame);
  }

  update(frame: readonly FrameTask[]): void {
    for (const task of frame) {
      this.#title(task.key, task.title);
      for (const row of task.rows) {
        const key = rowKey(task, row);
        this.#title(key, row.title);
        // What listr2 has closed it draws as it was; a row without room stays open, so that it can stay hidden.
        if (row.title !== '' && row.state === 'done') this.#slots.get(key)?.resolve();
        if (row.title !== '' && row.state === 'failed') this.#slots.get(key)?.reject(new Error(row.title));
      }
    }
  }

  async end(): Promise<void> {
    this.#over = true;
    for (const { task, resolve } of this.#slots.values()) {
      task.title = '';
      resolve();
    }
    await this.#ended;
  }

  /** Set without listr2's event, which would draw everything again; its spinner does so ten times a second. */
  #title(key: string, title: string): void {
    const task = this.#slots.get(key)?.task;
    if (task) task.title = title;
  }

  #task(task: FrameTask): ListrTask<unknown, typeof DefaultRenderer, typeof SimpleRenderer> {
    // Without titles at first: listr2 draws everything anew for each task that begins.
    return {
      task: (_, wrapper) => {
        const own = this.#slot(task.key, wrapper);
        if (task.rows.length === 0) return own;
        return wrapper.newListr(
          task.rows.map((row) => ({ task: (_, rowWrapper) => this.#slot(rowKey(task, row), rowWrapper) })),
          { concurrent: true, exitOnError: false },
        );
      },
    };
  }

  #slot(key: string, { task }: Wrapper): Promise<void> {
    if (this.#over) return Promise.resolve();
    return new Promise((resolve, reject) => this.#slots.set(key, { task, resolve, reject }));
  }
}

function rowKey(task: FrameTask, row: FrameRow): string {
  return `${task.key} ${row.key}`;
}

function keysOf(frame: readonly FrameTask[]): string {
  return frame.map((task) => [task.key, ...task.rows.map((row) => row.key)].join(' ')).join('\n');
}
