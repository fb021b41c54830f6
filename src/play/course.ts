/** One host's way through the tasks of a batch: each in its turn, and what may go ahead begun before. */

import type { Task } from '../playbook/types.ts';
import { early } from './early.ts';
import type { HostState } from './host-state.ts';
import { reachOf } from './reach.ts';
import { runOnHost } from './task-on-host.ts';
import type { TaskResult, TaskRun } from './task-run.ts';
import { Train } from './train.ts';
import { Turn } from './turn.ts';
import { type Rest, type Upcoming, upcoming } from './upcoming.ts';

/** How many tasks may be begun on a host before their turn: among many hosts fewer, for each takes memory until its turn. */
function windowOf({ batch }: TaskRun['play']): number {
  return Math.max(2, Math.min(32, Math.floor(2000 / batch.length)));
}

interface Begun {
  readonly task: Task;
  readonly turn: Turn;
  readonly done: Promise<TaskResult>;
  /** Whether all that the host is to do for it is on its way, and nothing is known against what comes after it. */
  readonly sent: Promise<boolean>;
}

export class Course {
  readonly #host: HostState;
  /** Begun before their turn, in their order. */
  #ahead: Begun[] = [];
  #now: Turn | undefined;
  #train = new Train(0);
  /** Number of the walk ahead that is under way; another number ends it. */
  #walk = 0;
  #onRoom: () => void = () => undefined;

  constructor(host: HostState) {
    this.#host = host;
  }

  /** Runs a task whose turn has come, or goes on with it where it was begun before. @param rest what comes after it. */
  run(run: TaskRun, rest: Rest | undefined): Promise<TaskResult> {
    const begun = this.#take(run.task);
    if (begun) {
      this.#now = begun.turn;
      begun.turn.arrive(run.info);
      this.#onRoom();
      return begun.done;
    }
    this.#walk++;
    this.#train = new Train(this.#host.tasksBegun + 1);
    const turn = this.#turn(run, []);
    this.#now = turn;
    let isSent = false;
    const sent = () => {
      // What there is to complain of is told when its turn comes.
      if (!isSent) this.#goAhead(run, rest).catch(() => undefined);
      isSent = true;
    };
    return runOnHost({ ...run, turn, sent }, this.#host);
  }

  /** To be called when the host's variables and counts know what came of the task whose turn it is. */
  settled(): void {
    this.#now?.settle();
    if (!this.#host.active) this.#drop();
  }

  /** Waits until the host has nothing to do, and sends it nothing more before its next turn. */
  async pause(): Promise<void> {
    do {
      await this.#train.idle();
      await breath();
    } while (this.#train.busy);
    this.#walk++;
  }

  /** What was begun is forgotten where the host has refused it: then it is begun anew in its turn. */
  #take(task: Task): Begun | undefined {
    const [first] = this.#ahead;
    if (!first) return undefined;
    if (this.#train.refuses(first.turn.place.task)) return this.#drop();
    if (first.task !== task) throw new Error(`${this.#host.name} is ahead with another task than ${task.action}`);
    return this.#ahead.shift();
  }

  #drop(): undefined {
    this.#ahead = [];
    this.#walk++;
  }

  #turn({ task, info }: Pick<TaskRun, 'task'> & Partial<TaskRun>, before: readonly Turn[]): Turn {
    const register = task.keywords.get('register');
    const number = ++this.#host.tasksBegun;
    const named = typeof register === 'string' ? register : undefined;
    return new Turn({ host: this.#host, number, train: this.#train, register: named }, info, before);
  }

  /** Begins what comes after a task that is on its way, one after the other, as far as nothing speaks against it. */
  async #goAhead({ play, task, lineage }: TaskRun, rest: Rest | undefined): Promise<void> {
    const walk = ++this.#walk;
    const { options, progress } = play.world;
    if (!rest || progress.step || progress.startAt !== undefined) return;
    const now = this.#now;
    const own = await reachOf(play, { task, lineage });
    if (!now || !own.followed) return;
    now.givesFacts = own.givesFacts;
    for (const next of upcoming(play, rest)) {
      const reach = await reachOf(play, next);
      if (!reach.ahead) return;
      // What is ready goes out, and what has come in is looked at.
      await breath();
      while (walk === this.#walk && this.#ahead.length >= windowOf(play)) await this.#room();
      if (walk !== this.#walk || this.#train.halted || play.stopped || options.signal.aborted) return;
      const begun = this.#begin(play, next);
      if (!(await begun.sent) || !reach.followed) return;
    }
  }

  #begin(play: TaskRun['play'], { task, lineage }: Upcoming): Begun {
    const before = [...(this.#now ? [this.#now] : []), ...this.#ahead.map((begun) => begun.turn)];
    const turn = this.#turn({ task }, before);
    let onSent = () => {};
    const isSent = new Promise<boolean>((resolve) => {
      onSent = () => resolve(true);
    });
    const done = runOnHost(early({ play, task, lineage, turn, sent: onSent }), this.#host);
    const sent = Promise.race([isSent, done.then(() => false)]).catch(() => false);
    const begun = { task, turn, done, sent };
    this.#ahead.push(begun);
    return begun;
  }

  #room(): Promise<void> {
    return new Promise((resolve) => {
      this.#onRoom = resolve;
    });
  }
}

function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
