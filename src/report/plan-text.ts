/** What a plan of a bake comes to. */

import type { Verdict } from '../bake/verdict.ts';

export type Plan = Verdict & { readonly image: string; readonly base: string; readonly inputs: string };

export function planText(plan: Plan): string {
  const { image, base, inputs } = plan;
  const about = `base ${base}, inputs ${inputs.slice(0, 16)}\n`;
  if (plan.same) return `${image}: nothing to bake, ${plan.same.name} (${plan.same.imageId}) is the same.\n${about}`;
  const against = plan.against === undefined ? '' : `\nCompared with ${plan.against.name} (${plan.against.imageId}).`;
  return `${image}: a bake is needed: ${plan.reason}.${against}\n${about}`;
}
