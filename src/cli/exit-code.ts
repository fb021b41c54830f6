import type { Fault, FaultCode } from '../fault.ts';

/** As ansible-playbook: 5 for wrong options, 4 for what cannot be parsed or found, 99 for Ctrl-C, 1 for the rest. */
const CODES: Partial<Record<FaultCode, number>> = {
  'option-invalid': 5,
  interrupted: 99,
  'not-built': 1,
  'pattern-empty': 1,
  'sandbox-unavailable': 1,
  'sandbox-failed': 1,
  'play-failed': 2,
  'test-failed': 2,
  'scan-found': 2,
  'sanitise-failed': 1,
  'scan-failed': 1,
  'cloud-credentials': 1,
  'cloud-denied': 1,
  'cloud-unreachable': 1,
  'cloud-refused': 1,
  'cloud-timeout': 1,
  'cloud-lost': 1,
  'base-missing': 1,
  'base-ambiguous': 1,
  'name-taken': 1,
  'journal-failed': 1,
  'journal-invalid': 1,
  'manifest-failed': 1,
  'record-invalid': 1,
  'record-missing': 1,
  'image-missing': 1,
  'image-unusable': 1,
  'image-in-use': 1,
  'run-missing': 1,
  'run-busy': 1,
  'run-ended': 1,
  'plan-refused': 1,
  'state-locked': 1,
  'state-invalid': 1,
  'state-conflict': 1,
  'state-failed': 1,
  'state-missing': 1,
  'import-refused': 1,
  'rollout-open': 1,
  'rollout-unhealthy': 2,
};

export function exitCodeOf(faults: readonly Fault[]): number {
  return Math.max(...faults.map(({ code }) => CODES[code] ?? 4));
}
