import type { StepKind } from '../work.ts';

/** The current instance is one that goes from now on. */
export const depose: StepKind = {
  title: 'Deposing',
  begin: ({ current, ...slot }) => (current ? { ...slot, deposed: [...slot.deposed, current] } : slot),
  perform: async () => undefined,
};
