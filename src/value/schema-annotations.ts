/** What a node of a JSON Schema says of itself, for messages. */

export interface SchemaAnnotations {
  readonly title: string | undefined;
  readonly description: string | undefined;
  /** The names of the properties that it tells of. */
  readonly properties: readonly string[];
}

export function annotationsOf(node: unknown): SchemaAnnotations {
  const object: { readonly [key: string]: unknown } = typeof node === 'object' && node !== null ? { ...node } : {};
  const { title, description, properties } = object;
  return {
    title: typeof title === 'string' ? title : undefined,
    description: typeof description === 'string' ? description : undefined,
    properties: typeof properties === 'object' && properties !== null ? Object.keys(properties) : [],
  };
}
