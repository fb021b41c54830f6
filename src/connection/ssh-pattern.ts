/** Host patterns of ssh_config(5) and known_hosts: `*`, `?` and, before a pattern, `!`. */

/** At least one pattern matches and no negated one does. */
export function matchesHost(host: string, patterns: readonly string[]): boolean {
  let found = false;
  for (const pattern of patterns) {
    const negated = pattern.startsWith('!');
    if (!matches(host, negated ? pattern.slice(1) : pattern)) continue;
    if (negated) return false;
    found = true;
  }
  return found;
}

function matches(host: string, pattern: string): boolean {
  if (!/[*?]/.test(pattern)) return host.toLowerCase() === pattern.toLowerCase();
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'i').test(host);
}
