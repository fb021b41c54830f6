const NAMES: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1']);

/** Names of the control machine, which is there even when no inventory names it. */
export function isLocalhost(name: string): boolean {
  return NAMES.has(name);
}
