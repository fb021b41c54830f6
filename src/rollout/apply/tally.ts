import type { Counts, EmitRollout, RolloutEvent } from '../events.ts';

/** Counts, in Terraform's words, what the steps that it hears of have done. */
export function tallying(emit: EmitRollout): { readonly emit: EmitRollout; readonly counts: () => Counts } {
  let counts: Counts = { added: 0, changed: 0, destroyed: 0 };
  const count = (event: RolloutEvent) => {
    if (event.type !== 'step-end' || event.status !== 'done') return;
    const { step, ids } = event.about;
    if (step.do === 'launch') counts = { ...counts, added: counts.added + 1 };
    if (step.do === 'restore' || step.do === 'update') counts = { ...counts, changed: counts.changed + 1 };
    if (step.do === 'terminate') counts = { ...counts, destroyed: counts.destroyed + ids.length };
  };
  return {
    emit: (event) => {
      count(event);
      emit(event);
    },
    counts: () => counts,
  };
}
