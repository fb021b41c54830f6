import type { FleetState, Release } from '../state/state.ts';

/** The fleet with its release as the good one, where it has none, and all that is there serves by one image. */
export function importedRelease(fleet: FleetState, rollout: string, now: Date): FleetState {
  const all = Object.values(fleet.slots).flatMap(({ current }) => current ?? []);
  const [first] = all;
  const isOne = all.every(({ inService, settings }) => inService && settings.imageId === first?.settings.imageId);
  if (fleet.good || !first || !isOne) return fleet;
  const at = now.toISOString();
  const { settings } = first;
  const image = { id: settings.imageId, name: settings.imageName };
  const release: Release = { rollout, began: at, ended: at, outcome: 'imported', image, settings };
  return { ...fleet, good: release, history: [...fleet.history, release] };
}
