import type { Release } from '../state/state.ts';

/** What a plan is to bring a fleet to: what the configuration says, an earlier release, or nothing. */
export type Goal =
  | { readonly kind: 'config' }
  | { readonly kind: 'release'; readonly release: Release }
  | { readonly kind: 'destroy' };
