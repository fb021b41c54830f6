import { isNumeric, toNumber } from '../value/number.ts';
import type { Term } from '../value/term.ts';

/** Ansible's filter `bool`: what it does not know is false. */
export function toBool(term: Term): boolean {
  if (typeof term === 'boolean') return term;
  if (typeof term === 'string') return /^(?:yes|on|1|true|t|y)$/i.test(term);
  return isNumeric(term) && toNumber(term) === 1;
}
