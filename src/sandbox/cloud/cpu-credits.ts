import type { InstanceRecord } from './instance-record.ts';
import { invalidValue } from './protocol/api-error.ts';

export type CpuCredits = 'standard' | 'unlimited';

/** Types that earn credits. */
const BURSTABLE = /^t[234]/;

export function earnsCredits(type: string): boolean {
  return BURSTABLE.test(type);
}

/** Throws the ApiError `InvalidParameterValue`. */
export function cpuCredits(text: string): CpuCredits {
  if (text === 'standard' || text === 'unlimited') return text;
  throw invalidValue(text, 'CpuCredits', 'It is standard or unlimited.');
}

/** The newer types may spend more than they have unless told otherwise. */
export function creditsOf({ credits, type }: InstanceRecord): CpuCredits {
  return credits ?? (type.startsWith('t2.') ? 'standard' : 'unlimited');
}
