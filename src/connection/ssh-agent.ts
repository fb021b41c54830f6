/** The keys that an SSH agent holds, handed to ssh2 a chosen few at a time. */

import type { BaseAgent, ParsedKey } from 'ssh2';
import { loadSsh2 } from './load-ssh2.ts';

export interface AgentKeys {
  /** Public keys as they go over the wire. */
  readonly keys: readonly Buffer[];
  /** An agent that offers these keys only. */
  offering(keys: readonly Buffer[]): BaseAgent;
}

/** Undefined when no agent answers at `socket`. */
export async function askAgent(socket: string): Promise<AgentKeys | undefined> {
  const { OpenSSHAgent } = await loadSsh2();
  const agent = new OpenSSHAgent(socket);
  const held = await new Promise<readonly ParsedKey[] | undefined>((resolve) => {
    agent.getIdentities((error, keys) => resolve(error ? undefined : (keys ?? []).filter(isParsed)));
  });
  if (!held) return undefined;

  class ChosenKeys extends OpenSSHAgent {
    readonly #chosen: ParsedKey[];

    constructor(chosen: ParsedKey[]) {
      super(socket);
      this.#chosen = chosen;
    }

    override getIdentities(answer: Parameters<typeof agent.getIdentities>[0]): void {
      answer(undefined, this.#chosen);
    }
  }
  return {
    keys: held.map((key) => key.getPublicSSH()),
    offering: (keys) => new ChosenKeys(held.filter((one) => keys.some((key) => key.equals(one.getPublicSSH())))),
  };
}

function isParsed<T>(key: T | ParsedKey): key is ParsedKey {
  return typeof key === 'object' && key !== null && 'getPublicSSH' in key;
}
