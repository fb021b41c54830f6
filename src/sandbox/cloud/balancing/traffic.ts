/** What goes on between load balancers and their targets: requests and connections under way, and connections to be used again. */

import { Agent } from 'node:http';
import { type TargetRecord, targetKey } from './balancing-records.ts';

export class Traffic {
  /** By target, what cuts off each thing that is under way. */
  readonly #underway = new Map<string, Set<() => void>>();
  readonly #agents = new Map<string, Agent>();

  /** `cut` is called when the target's time is over; the answer is to be called when the thing has ended. */
  begin(group: string, target: TargetRecord, cut: () => void): () => void {
    const name = nameOf(group, target);
    const underway = this.#underway.get(name) ?? new Set();
    this.#underway.set(name, underway);
    const entry = () => cut();
    underway.add(entry);
    return () => {
      underway.delete(entry);
      if (underway.size === 0 && this.#underway.get(name) === underway) this.#underway.delete(name);
    };
  }

  underway(group: string, target: TargetRecord): number {
    return this.#underway.get(nameOf(group, target))?.size ?? 0;
  }

  /** The connections to a target that wait for the next request. */
  agentFor(group: string, target: TargetRecord): Agent {
    const name = nameOf(group, target);
    const agent = this.#agents.get(name) ?? new Agent({ keepAlive: true, maxFreeSockets: 64, scheduling: 'lifo' });
    this.#agents.set(name, agent);
    return agent;
  }

  /** Ends all that is under way with a target. */
  cut(group: string, target: TargetRecord): void {
    const name = nameOf(group, target);
    for (const cut of [...(this.#underway.get(name) ?? [])]) cut();
  }

  /** Closes the idle connections to all targets but these, which still get requests. */
  keep(kept: readonly (readonly [group: string, target: TargetRecord])[]): void {
    const names = new Set(kept.map(([group, target]) => nameOf(group, target)));
    for (const [name, agent] of this.#agents) {
      if (names.has(name)) continue;
      this.#agents.delete(name);
      // Those that are in use end with their request: the agent of a forgotten target keeps none.
      agent.maxFreeSockets = 0;
      for (const socket of Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? [])) socket.destroy();
    }
  }
}

/** A target that is registered anew is another one. */
function nameOf(group: string, target: TargetRecord): string {
  return `${group} ${targetKey(target)} ${target.registeredAt}`;
}
