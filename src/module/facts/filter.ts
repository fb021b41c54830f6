import type { Plain } from '../../value/value.ts';

/**
 * The facts whose names match one of the shell patterns, as `setup`'s `filter` has it: a pattern without `ansible_` is
 * tried with it too. `facts` have names with `ansible_`.
 */
export function filterFacts(facts: { readonly [name: string]: Plain }, filter: readonly string[]) {
  if (filter.length === 0) return facts;
  const patterns = filter.flatMap((one) => (/^(ansible_|facter|ohai)/.test(one) ? [one] : [one, `ansible_${one}`]));
  const tests = patterns.map(fnmatch);
  const all = filter.includes('') || filter.includes('*');
  return Object.fromEntries(Object.entries(facts).filter(([name]) => all || tests.some((test) => test.test(name))));
}

/** A shell pattern (`*`, `?`, `[seq]`, `[!seq]`) for a whole name, as Python's fnmatch reads it. */
export function fnmatch(pattern: string): RegExp {
  const source = pattern.replace(/\[(!?)(\]?[^\]]*)\]|[\s\S]/g, (part, not: string | undefined, set?: string) => {
    if (set) return `[${not ? '^' : ''}${set.replace(/[\\^\]]/g, '\\$&')}]`;
    if (part === '*') return '[\\s\\S]*';
    return part === '?' ? '[\\s\\S]' : part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
  return new RegExp(`^${source}$`, 'u');
}
