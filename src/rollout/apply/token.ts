import { createHash } from 'node:crypto';

/** The ClientToken of a call that makes something for a slot: the same again for the same rollout. At most 64 characters. */
export function clientToken(rollout: string, slot: number, what = 'instance'): string {
  const whole = `playbake-${rollout}-${slot}-${what}`;
  return /^[-\w]{1,64}$/.test(whole) ? whole : createHash('sha256').update(whole).digest('hex');
}
