/** The Auto Scaling group of a fleet as it is, as far as a plan wants to know it. */

import type { TemplateSettings } from './template-data.ts';

export interface SeenGroup {
  readonly name: string;
  /** Undefined: there is no group yet. */
  readonly members: readonly SeenMember[] | undefined;
  /** Ids of those that are on their way out. */
  readonly leaving: readonly string[];
}

export interface SeenMember {
  readonly id: string;
  /** What its template's version says; undefined where it has none, or that is gone. */
  readonly settings: TemplateSettings | undefined;
  readonly inService: boolean;
}
