import type { Bytes } from '../shell/bytes.ts';
import { INLINE_LIMIT } from '../shell/compile.ts';
import { Sh } from '../shell/sh.ts';
import { compact, type Put, type Step, type Steps } from '../shell/steps.ts';

export interface LargePut extends Put {
  readonly content: string | Bytes;
}

/** Those whose content is too large for a program. */
export function largePuts(steps: Steps): LargePut[] {
  return compact(steps).flatMap((step: Step): LargePut[] => {
    if (step.kind === 'when') return [...largePuts(step.then), ...largePuts(step.otherwise)];
    return step.kind === 'put' && isLarge(step) ? [step] : [];
  });
}

function isLarge(step: Put): step is LargePut {
  return !(step.content instanceof Sh) && step.content.length > INLINE_LIMIT;
}
