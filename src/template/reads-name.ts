import type { Body } from './ast.ts';

/** Whether statements read a name anywhere inside. */
export function readsName(body: Body, name: string): boolean {
  return contains(body, (node) => node['kind'] === 'name' && node['name'] === name);
}

/** Whether any node of a syntax tree is as sought. */
export function contains(tree: unknown, sought: (node: Readonly<Record<string, unknown>>) => boolean): boolean {
  if (Array.isArray(tree)) return tree.some((item) => contains(item, sought));
  if (typeof tree !== 'object' || tree === null || tree instanceof Map) return false;
  const node = tree as Readonly<Record<string, unknown>>;
  return sought(node) || Object.values(node).some((part) => contains(part, sought));
}
