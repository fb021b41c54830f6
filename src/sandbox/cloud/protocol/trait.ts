import type { NormalizedSchema } from '@smithy/core/schema';

type TraitName = 'xmlName' | 'ec2QueryName' | 'xmlFlattened' | 'xmlNamespace';

/** The text of a trait of a member or of its target; `''` for a trait without a value, undefined where it is not. */
export function traitOf(schema: NormalizedSchema, name: TraitName): string | undefined {
  const value = schema.getMergedTraits()[name];
  if (value === undefined) return undefined;
  return typeof value === 'string' ? value : '';
}
