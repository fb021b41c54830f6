import type { FleetState, Release, State } from '../state/state.ts';
import type { FleetImage } from './hand-over.ts';

/** All that ended, at most. */
const KEPT = 50;

export interface TerraformEnd {
  readonly rollout: string;
  readonly began: Date;
  readonly ended: Date;
  /** Undefined: all went well. */
  readonly failure: string | undefined;
  readonly region: string;
}

/** The fleets with a note of what Terraform did. What they are made of stands in Terraform's own state. */
export function notedReleases(
  fleets: State['fleets'],
  done: readonly FleetImage[],
  end: TerraformEnd,
): State['fleets'] {
  const noted = done.map(({ fleet, image }) => {
    const before = fleets[fleet.name] ?? emptyOf(end.region);
    const release: Release = {
      rollout: end.rollout,
      began: end.began.toISOString(),
      ended: end.ended.toISOString(),
      outcome: end.failure === undefined ? 'good' : 'failed',
      image,
      settings: {
        imageId: image.id,
        imageName: image.name,
        instanceType: fleet.instanceType ?? '',
        subnetId: '',
        securityGroupIds: [],
        tags: fleet.tags,
        volumes: fleet.volumes,
        targetGroupArns: [],
      },
      ...(end.failure !== undefined && { reason: end.failure }),
    };
    return [fleet.name, { ...before, history: [...before.history, release].slice(-KEPT) }] as const;
  });
  return { ...fleets, ...Object.fromEntries(noted) };
}

const emptyOf = (region: string): FleetState => ({ engine: 'ec2', region, slots: {}, history: [] });
