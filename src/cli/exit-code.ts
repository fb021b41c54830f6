import type { Fault, FaultCode } from '../fault.ts';

/** As ansible-playbook: 5 for wrong options, 4 for what cannot be parsed or found, 99 for Ctrl-C, 1 for the rest. */
const CODES: Partial<Record<FaultCode, number>> = {
  'option-invalid': 5,
  interrupted: 99,
  'not-built': 1,
  'pattern-empty': 1,
  'sandbox-unavailable': 1,
  'sandbox-failed': 1,
};

export function exitCodeOf(faults: readonly Fault[]): number {
  return Math.max(...faults.map(({ code }) => CODES[code] ?? 4));
}
