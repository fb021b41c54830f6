import type { ResultData, Status, TaskInfo } from '../play/events.ts';

/** What a host has come to in a task. Times are milliseconds. */
export interface HostState {
  readonly host: string;
  readonly since?: number;
  /** The last line that its command wrote. */
  readonly line?: string;
  readonly status?: Status;
  readonly ignored?: boolean;
  readonly result?: ResultData;
  /** When its result came. */
  readonly finished?: number;
}

/** A task under way: its hosts and how far each is. */
export class Tally {
  readonly task: TaskInfo;
  readonly started: number;
  readonly hosts = new Map<string, HostState>();

  constructor(task: TaskInfo, hosts: readonly string[], now: number) {
    this.task = task;
    this.started = now;
    for (const host of hosts) this.hosts.set(host, { host });
  }

  update(host: string, change: Partial<HostState>): void {
    this.hosts.set(host, { ...(this.hosts.get(host) ?? { host }), ...change });
  }

  get running(): number {
    return this.#count(({ since, status }) => since !== undefined && status === undefined);
  }

  /** Whether every host has its result. */
  get done(): boolean {
    return this.#count(({ status }) => status === undefined) === 0;
  }

  /** How many there are of each: `187 ok, 3 changed, 10 running`. */
  get summary(): string {
    const counts: [number, string][] = [
      ...(['ok', 'changed', 'skipped', 'failed', 'unreachable'] as const).map((status): [number, string] => [
        this.#count((state) => state.status === status && !state.ignored),
        status,
      ]),
      [this.#count(({ ignored }) => ignored === true), 'ignored'],
      [this.running, 'running'],
      [this.#count(({ since, status }) => since === undefined && status === undefined), 'waiting'],
    ];
    return counts.flatMap(([count, name]) => (count > 0 ? `${count} ${name}` : [])).join(', ');
  }

  /** The worst that a host has come to. */
  get worst(): Status {
    const order: readonly Status[] = ['unreachable', 'failed', 'changed', 'ok', 'skipped'];
    const serious = [...this.hosts.values()].map(({ status, ignored }) => (ignored ? 'ok' : status));
    return order.find((status) => serious.includes(status)) ?? 'ok';
  }

  #count(isOne: (state: HostState) => boolean): number {
    let count = 0;
    for (const state of this.hosts.values()) if (isOne(state)) count++;
    return count;
  }
}
