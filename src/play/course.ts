/** One host's way through the tasks of a batch: each in its turn, and what may go ahead begun before. */

import type { Task } from '../playbook/types.ts';
import { Departure } from './departure.ts';
import { early } from './early.ts';
import type { HostState } from './host-state.ts';
import { reachOf } from './reach.ts';
import { variablesSet } from './sets.ts';
import { runOnHost } from './task-on-host.ts';
import type { TaskResult, TaskRun } from './task-run.ts';
import { Train } from './train.ts';
import { Turn } from './turn.ts';
import type { Upcoming } from './upcoming.ts';

/** How many tasks may be begun on a host before their turn: among many hosts fewer, for each takes memory until its turn. */
function windowOf({ batch }: TaskRun['play']): number {
  return Math.max(2, Math.min(32, Math.floor(2000 / batch.length)));
}

interface Begun {
  readonly task: Task;
  readonly turn: Turn;
  readonly done: Promise<TaskResult>;
  readonly departure: Departure;
}

export class Course {
  readonly #host: HostState;
  /** Begun before their turn, in their order. */
  #ahead: Begun[] = [];
  #now: Pick<Begun, 'turn' | 'departure'> | undefined;
  #train = new Train(0);
  /** Number of the walk ahead that is under way; another number ends it. */
  #walk = 0;
  #onRoom: () => void = () => undefined;

  constructor(host: HostState) {
    this.#host = host;
  }

  /**
   * Runs a task whose turn has come, or goes on with it where it was begun before.
   * @param rest what comes after it, as far as that is known.
   */
  run(run: TaskRun, rest: Iterable<Upcoming>): Promise<TaskResult> {
    const begun = this.#take(run.task);
    if (begun) {
      this.#now = begun;
      begun.turn.arrive(run.info);
      this.#onRoom();
      return begun.done;
    }
    this.#walk++;
    this.#train = new Train(this.#host.tasksBegun + 1);
    const turn = this.#turn(run);
    const departure = new Departure(undefined);
    this.#now = { turn, departure };
    const { onSent: sent, onLook: looks } = departure;
    const done = runOnHost({ ...run, turn, sent, looks }, this.#host);
    departure.follow(done);
    // What there is to complain of is told when its turn comes.
    this.#goAhead(run, rest).catch(() => undefined);
    return done;
  }

  /** To be called when the host's variables and counts know what came of the task whose turn it is. */
  settled(): void {
    this.#now?.turn.settle();
    // Behind one that was not sent there are at most looks.
    if (!this.#host.active || !this.#now?.departure.isSent) this.#drop();
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

  #turn(next: Upcoming & Partial<TaskRun>, before?: readonly Turn[]): Turn {
    const number = ++this.#host.tasksBegun;
    const sets = variablesSet(next) ?? new Set<string>();
    return new Turn({ host: this.#host, number, train: this.#train, sets }, next.info, before);
  }

  /** Begins what comes after a task, each when the one before is on its way, as far as nothing speaks against it. */
  async #goAhead({ play, task, lineage }: TaskRun, rest: Iterable<Upcoming>): Promise<void> {
    const walk = this.#walk;
    const { options, progress } = play.world;
    if (progress.step || progress.startAt !== undefined) return;
    const now = this.#now;
    const own = await reachOf(play, { task, lineage });
    if (!now || !own.followed) return;
    now.turn.givesFacts = own.givesFacts;
    let { departure } = now;
    for (const next of rest) {
      const reach = await reachOf(play, next);
      if (!reach.ahead) return;
      // A look may go out behind another look, and is made again where that one leads to a change.
      if (!(await (reach.looks ? departure.looking : departure.sent))) return;
      // What is ready goes out, and what has come in is looked at.
      await breath();
      while (walk === this.#walk && this.#ahead.length >= windowOf(play)) await this.#room();
      if (walk !== this.#walk || this.#train.halted || play.stopped || options.signal.aborted) return;
      departure = this.#begin(play, next, departure);
      if (!reach.followed) return;
    }
  }

  #begin(play: TaskRun['play'], next: Upcoming, after: Departure): Departure {
    const before = [...(this.#now ? [this.#now] : []), ...this.#ahead].map((begun) => begun.turn);
    const turn = this.#turn(next, before);
    const departure = new Departure(after);
    const { onSent: sent, onLook: looks } = departure;
    const done = runOnHost(early({ play, ...next, turn, sent, looks, clear: after.sent }), this.#host);
    departure.follow(done);
    this.#ahead.push({ task: next.task, turn, done, departure });
    return departure;
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
