/** One real machine in a sandbox of its own, and how to reach it. */

import { homeAt } from '../../src/sandbox/home.ts';
import { ownSandbox } from './own-sandbox.ts';

export interface SandboxMachine {
  readonly address: string;
  readonly key: string;
  readonly knownHosts: string;
  stop(): Promise<void>;
}

export async function startSandboxMachine(): Promise<SandboxMachine> {
  const { home: root, sandbox } = await ownSandbox(1);
  const home = homeAt(root);
  const [machine] = await sandbox.status();
  return {
    address: machine?.address ?? '',
    key: home.key,
    knownHosts: home.knownHosts,
    stop: () => sandbox.down({ purge: true }),
  };
}
