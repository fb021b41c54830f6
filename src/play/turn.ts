/** A task on a host, and whether its turn has come: then all before it are done, on all hosts. */

import type { Answer, Channel } from '../connection/channel.ts';
import { Refused, type Seat } from '../module/apply.ts';
import type { TaskInfo } from './events.ts';
import type { HostState } from './host-state.ts';
import { NotYet } from './not-yet.ts';
import type { Train } from './train.ts';

export interface TurnInput {
  readonly host: HostState;
  /** Of the host's tasks, each has a greater number than those before. */
  readonly number: number;
  readonly train: Train;
  /** The variables that the task gives its host. */
  readonly sets: ReadonlySet<string>;
}

export class Turn implements Seat {
  readonly place: Seat['place'];
  readonly host: HostState;
  readonly sets: ReadonlySet<string>;
  /** Settles when the turn has come. Never rejects; where what came before failed it never comes. */
  readonly come: Promise<void>;
  /** Settles when the host's variables and counts know what came of the task. */
  readonly settled: Promise<void>;
  readonly #train: Train;
  #info: TaskInfo | undefined;
  /** The host's tasks before this one that were not settled when it began. */
  #before: readonly Turn[];
  #isSettled = false;
  /** Whether its result holds facts. */
  givesFacts = false;
  #arrive: () => void = () => undefined;
  #settle: () => void = () => undefined;

  /** @param before undefined where the turn has come already. */
  constructor({ host, number, train, sets }: TurnInput, info: TaskInfo | undefined, before: readonly Turn[] = []) {
    this.host = host;
    this.place = { first: train.first, task: number };
    this.sets = sets;
    this.#train = train;
    this.#info = info;
    this.#before = before;
    this.come = new Promise((resolve) => {
      this.#arrive = resolve;
    });
    this.settled = new Promise((resolve) => {
      this.#settle = resolve;
    });
    if (info) this.#arrive();
  }

  get isHere(): boolean {
    return this.#info !== undefined;
  }

  /** What is said of the task while it runs goes under this name. */
  get info(): TaskInfo {
    this.wait();
    return this.#info!;
  }

  arrive(info: TaskInfo): void {
    this.#info = info;
    this.#before = [];
    this.#arrive();
  }

  settle(): void {
    this.#isSettled = true;
    this.#settle();
  }

  /** For what is not known before the turn. Throws NotYet. */
  wait(): void {
    if (!this.isHere) throw new NotYet(this.come);
  }

  /**
   * For a variable that a task gives its host, of this host or, through `hostvars`, of another. Throws NotYet where a task before
   * this one is still to set it; and another host may be through with this very task when its turn comes here.
   */
  waitFor(name: string, host: HostState): void {
    if (host !== this.host && this.sets.has(name)) this.wait();
    this.#waitFor((turn) => turn.sets.has(name), host);
  }

  /** For a host's facts. Throws NotYet where a task before this one still gathers them. */
  waitForFacts(host: HostState): void {
    this.#waitFor((turn) => turn.givesFacts, host);
  }

  /** That a task is settled on this host says nothing of another, where it may still be under way. */
  #waitFor(sets: (turn: Turn) => boolean, host: HostState): void {
    if (this.isHere) return;
    if (host !== this.host && this.#before.some(sets)) throw new NotYet(this.come);
    const setter = this.#before.findLast((turn) => sets(turn) && !turn.#isSettled);
    if (setter) throw new NotYet(setter.settled);
  }

  /** A program before its turn goes by the channel of those before it, or waits; and not at all where one of them failed. */
  board(channel: Channel): Promise<void> | undefined {
    const train = this.#train;
    if (train.refuses(this.place.task)) throw new Refused('a task before this one failed');
    if (!this.isHere && (train.halted || !train.goesBy(channel))) throw new NotYet(this.come);
    return train.change(channel);
  }

  sent(answer: Promise<Answer>): void {
    this.#train.sent(this.place.task, answer, true);
  }

  /** For programs that only tell what is on the host. */
  get looking(): Seat {
    const sent = (answer: Promise<Answer>) => this.#train.sent(this.place.task, answer, false);
    return { place: this.place, board: (channel) => this.board(channel), sent };
  }

  /** Differs from what it was where a program of the train may have changed the host since. */
  get changes(): number {
    return this.#train.changes;
  }
}
