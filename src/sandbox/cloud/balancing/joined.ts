import type { Duplex } from 'node:stream';

/** Passes bytes both ways; one way may end before the other. An error on one side ends both. */
export function joined(one: Duplex, other: Duplex): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.pipe(to);
    from.on('error', () => to.destroy());
    // A side that was cut off sends no end.
    from.once('close', () => {
      if (!from.readableEnded) to.destroy();
    });
  }
}
