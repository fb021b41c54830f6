import type { Screen } from './screen.ts';

/** A screen within a screen: each line begins further right. */
export function indented(screen: Screen, by: string): Screen {
  const shift = (text: string) => text.replace(/^(?=[^\n])/gm, by);
  return {
    ...screen,
    out: (text) => screen.out(shift(text)),
    err: (text) => screen.err(shift(text)),
    columns: () => Math.max(0, screen.columns() - by.length),
  };
}
