import { str } from '../../value/text.ts';
import type { Dict } from '../../value/value.ts';

/** An option under another name, or nothing when it is not given. */
export function readsAs<K extends string>(options: Dict, name: string, as: K): { readonly [P in K]?: string } {
  const value = options.get(name) ?? null;
  const renamed: { [P in K]?: string } = {};
  if (value !== null) renamed[as] = str(value);
  return renamed;
}
