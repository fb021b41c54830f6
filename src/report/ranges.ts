/** `0..4,7` of rising numbers. */
export function rangesOf(numbers: readonly number[]): string {
  const ranges: [from: number, to: number][] = [];
  for (const one of numbers) {
    const last = ranges.at(-1);
    if (last && last[1] === one - 1) last[1] = one;
    else ranges.push([one, one]);
  }
  const text = ([from, to]: readonly [number, number]) => (to === from + 1 ? `${from},${to}` : `${from}..${to}`);
  return ranges.map((range) => (range[0] === range[1] ? String(range[0]) : text(range))).join(',');
}

/** `fleet.web[0]`, or `fleet.web[0..4,7]`. */
export function addressesOf(addresses: readonly string[]): string {
  const [first = ''] = addresses;
  if (addresses.length === 1) return first;
  const slots = addresses.map((address) => Number(/\[(\d+)\]$/.exec(address)?.[1]));
  return `${first.replace(/\[\d+\]$/, '')}[${rangesOf(slots)}]`;
}
