import type { HostStats } from '../play/events.ts';
import { paint, type Tone } from './color.ts';

const COUNTS: readonly (readonly [keyof HostStats, Tone])[] = [
  ['ok', 'ok'],
  ['changed', 'changed'],
  ['unreachable', 'unreachable'],
  ['failed', 'error'],
  ['skipped', 'skip'],
  ['rescued', 'ok'],
  ['ignored', 'warn'],
];

/** The lines of Ansible's PLAY RECAP, one a host, sorted by name. */
export function recapLines(stats: ReadonlyMap<string, HostStats>, color: boolean): string[] {
  return [...stats].sort(([one], [other]) => (one < other ? -1 : 1)).map(([host, counts]) => line(host, counts, color));
}

function line(host: string, stats: HostStats, color: boolean): string {
  const counts = COUNTS.map(([name, tone]) => {
    const text = `${name}=${String(stats[name]).padEnd(4)}`;
    return stats[name] === 0 ? text : paint(text, tone, color);
  });
  return `${name(host, stats, color)} : ${counts.join(' ')}`;
}

function name(host: string, stats: HostStats, color: boolean): string {
  if (!color) return host.padEnd(26);
  const tone = stats.failed + stats.unreachable > 0 ? 'error' : stats.changed > 0 ? 'changed' : 'ok';
  return paint(host, tone, true).padEnd(37);
}
