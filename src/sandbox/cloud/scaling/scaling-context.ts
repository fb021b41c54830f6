import type { Context } from '../action.ts';
import type { Work } from './work.ts';

/** The reconciler launches as an action does. */
export function contextOf({ cloud, region, now }: Pick<Work, 'cloud' | 'region' | 'now'>): Context {
  return { cloud, region, regionNamed: (name) => cloud.region(name), seen: cloud.store.state, now };
}
