/** Query parameters such as `Filter.1.Value.2=x` as the tree that they spell. */
export interface QueryTree {
  readonly value: string | undefined;
  readonly children: ReadonlyMap<string, QueryTree>;
}

interface Growing {
  value: string | undefined;
  readonly children: Map<string, Growing>;
}

export function queryTree(parameters: URLSearchParams): QueryTree {
  const root: Growing = { value: undefined, children: new Map() };
  for (const [name, value] of parameters) {
    let node = root;
    for (const part of name.split('.')) {
      const next: Growing = node.children.get(part) ?? { value: undefined, children: new Map() };
      node.children.set(part, next);
      node = next;
    }
    node.value = value;
  }
  return root;
}

/** The items of a list, by number; numbers may have gaps. */
export function itemsOf(tree: QueryTree): readonly QueryTree[] {
  const numbered = [...tree.children].filter(([name]) => /^\d+$/.test(name));
  return numbered.sort(([a], [b]) => Number(a) - Number(b)).map(([, item]) => item);
}
