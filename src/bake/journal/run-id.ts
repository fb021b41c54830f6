import { randomBytes } from 'node:crypto';

/** `20261126-021500-3f9a1c`: sorts by time, is short enough for names, and no two are alike. */
export function newRunId(now: Date): string {
  const [date = '', time = ''] = now.toISOString().split('T');
  return `${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${randomBytes(3).toString('hex')}`;
}
