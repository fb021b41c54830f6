/** Faults in the order of their places, each once: a role that is used twice has its faults twice. */

import type { Fault } from '../fault.ts';

/** Sorts in place: files in the order in which they first come up, lines from above. */
export function tidy(faults: Fault[]): void {
  const files = [...new Set(faults.map(({ where }) => where?.file ?? ''))];
  const order = ({ where }: Fault) => [files.indexOf(where?.file ?? ''), where?.line ?? 0, where?.column ?? 0] as const;
  const sorted = faults
    .map((fault) => ({ fault, at: order(fault) }))
    .sort((a, b) => a.at[0] - b.at[0] || a.at[1] - b.at[1] || a.at[2] - b.at[2]);
  const seen = new Set<string>();
  const kept = sorted.filter(({ fault, at }) => {
    const key = JSON.stringify([fault.code, fault.message, ...at]);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
  faults.splice(0, faults.length, ...kept.map(({ fault }) => fault));
}
