import type { Region } from '../region.ts';

/** Takes away the group and its refreshes; its activities are remembered. */
export function removeGroup(region: Region, groupId: string): void {
  region.remove('scalingGroups', groupId);
  for (const { id, groupId: owner } of Object.values(region.state.instanceRefreshes)) {
    if (owner === groupId) region.remove('instanceRefreshes', id);
  }
}
