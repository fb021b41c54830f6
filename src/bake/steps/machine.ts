import type { Address } from '../machine.ts';
import { reach } from '../reach.ts';
import type { Step } from '../step.ts';
import type { Group } from './security-group.ts';

interface Needs {
  readonly instanceId: string;
  readonly group: Group;
}

export const reachBuildMachine: Step<Needs, { readonly machine: Address }> = {
  id: 'machine',
  title: 'Log in to the build machine',
  run: async ({ instanceId, group }, work) => ({ machine: await reach(instanceId, group, work) }),
};
