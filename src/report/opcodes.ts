/** How one list of lines becomes another, by the rules of Python's difflib, so that diffs read as Ansible's do. */

export interface Opcode {
  readonly tag: 'equal' | 'replace' | 'delete' | 'insert';
  readonly i1: number;
  readonly i2: number;
  readonly j1: number;
  readonly j2: number;
}

interface Match {
  readonly i: number;
  readonly j: number;
  readonly size: number;
}

export function opcodes(a: readonly string[], b: readonly string[]): Opcode[] {
  const codes: Opcode[] = [];
  let i = 0;
  let j = 0;
  for (const match of [...matches(a, b), { i: a.length, j: b.length, size: 0 }]) {
    const tag = i < match.i ? (j < match.j ? 'replace' : 'delete') : j < match.j ? 'insert' : undefined;
    if (tag) codes.push({ tag, i1: i, i2: match.i, j1: j, j2: match.j });
    i = match.i + match.size;
    j = match.j + match.size;
    if (match.size > 0) codes.push({ tag: 'equal', i1: match.i, i2: i, j1: match.j, j2: j });
  }
  return codes;
}

/** Matching runs in order; neighbours joined. */
function matches(a: readonly string[], b: readonly string[]): Match[] {
  const places = index(b);
  const found: Match[] = [];
  const queue = [{ i1: 0, i2: a.length, j1: 0, j2: b.length }];
  for (let part = queue.pop(); part; part = queue.pop()) {
    const { i1, i2, j1, j2 } = part;
    const { i, j, size } = longest(a, b, places, part);
    if (size === 0) continue;
    found.push({ i, j, size });
    if (i1 < i && j1 < j) queue.push({ i1, i2: i, j1, j2: j });
    if (i + size < i2 && j + size < j2) queue.push({ i1: i + size, i2, j1: j + size, j2 });
  }
  found.sort((one, other) => one.i - other.i || one.j - other.j);
  const joined: Match[] = [];
  for (const match of found) {
    const last = joined.at(-1);
    if (last && last.i + last.size === match.i && last.j + last.size === match.j) {
      joined[joined.length - 1] = { ...last, size: last.size + match.size };
    } else joined.push(match);
  }
  return joined;
}

/** Where each line stands in `b`. In long texts, lines that are everywhere say nothing and are left out, as in difflib. */
function index(b: readonly string[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  b.forEach((line, j) => {
    const known = places.get(line);
    if (known) known.push(j);
    else places.set(line, [j]);
  });
  if (b.length >= 200) {
    const popular = Math.floor(b.length / 100) + 1;
    for (const [line, known] of places) if (known.length > popular) places.delete(line);
  }
  return places;
}

function longest(
  a: readonly string[],
  b: readonly string[],
  places: ReadonlyMap<string, readonly number[]>,
  { i1, i2, j1, j2 }: { i1: number; i2: number; j1: number; j2: number },
): Match {
  let best: Match = { i: i1, j: j1, size: 0 };
  let runs = new Map<number, number>();
  for (let i = i1; i < i2; i++) {
    const next = new Map<number, number>();
    for (const j of places.get(a[i]!) ?? []) {
      if (j < j1) continue;
      if (j >= j2) break;
      const size = (runs.get(j - 1) ?? 0) + 1;
      next.set(j, size);
      if (size > best.size) best = { i: i - size + 1, j: j - size + 1, size };
    }
    runs = next;
  }
  let { i, j, size } = best;
  while (i > i1 && j > j1 && a[i - 1] === b[j - 1]) [i, j, size] = [i - 1, j - 1, size + 1];
  while (i + size < i2 && j + size < j2 && a[i + size] === b[j + size]) size++;
  return { i, j, size };
}
