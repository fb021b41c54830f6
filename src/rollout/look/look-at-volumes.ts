import type { EC2 } from '@aws-sdk/client-ec2';
import { inParts, paged } from './paged.ts';
import type { SeenVolume } from './seen.ts';

/** Those with these ids that are there. */
export async function lookAtVolumes(ec2: EC2, ids: readonly string[]): Promise<ReadonlyMap<string, SeenVolume>> {
  const volumes = await inParts(ids, (Values) =>
    paged(
      (page) => ec2.describeVolumes({ Filters: [{ Name: 'volume-id', Values }], ...page }),
      ({ Volumes }) => Volumes,
    ),
  );
  return new Map(
    volumes
      .filter(({ State }) => State !== 'deleting' && State !== 'deleted')
      .map(({ VolumeId: id = '', AvailabilityZone: zone = '', Size: size = 0, Attachments = [] }) => {
        const holder = Attachments.find(({ State }) => State !== 'detached')?.InstanceId;
        return [id, { id, zone, size, instanceId: holder }];
      }),
  );
}
