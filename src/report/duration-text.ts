const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
] as const;

/** Milliseconds as playbake.yml has them: `90s`, `15m`. */
export function durationText(time: number): string {
  const [unit, size] = UNITS.find((one) => time > 0 && time % one[1] === 0) ?? ['s', 1000];
  return `${time / size}${unit}`;
}
