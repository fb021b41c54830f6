import { compare } from '../compare.ts';
import type { Inputs } from '../fingerprint.ts';
import type { Step } from '../step.ts';
import { Unchanged } from '../unchanged.ts';
import type { BaseImage } from './base.ts';

/** Before anything is made. A run that is resumed compares anew: its playbook may be another by now. */
export const compareImages: Step<{ readonly base: BaseImage }, { readonly inputs: Inputs }> = {
  id: 'compare',
  title: 'See what has changed',
  againUntil: 'stop',
  async run({ base }, work) {
    const { inputs, verdict } = await compare(base.id, work);
    const isForced = work.request.force || work.things('instance').length > 0;
    if (verdict.same && !isForced) throw new Unchanged(verdict.same.imageId, verdict.same.name);
    work.note(verdict.same ? `nothing, but --force is given (${verdict.same.name} is the same)` : verdict.reason);
    return { inputs };
  },
};
