/** How many that are alike are still told one by one. */
export const FOLDED = 3;

/** Those that are alike in one group, where they are many; else each by itself. */
export function folded<T>(all: readonly T[], keyOf: (one: T) => string): readonly (readonly [T, ...T[]])[] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const one of all) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()].flatMap((group) => (group.length > FOLDED ? [group] : group.map((one): [T] => [one])));
}
