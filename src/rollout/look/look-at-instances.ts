import type { EC2, Filter, Instance } from '@aws-sdk/client-ec2';
import { FLEET_TAG } from '../apply/tags.ts';
import { inParts, paged } from './paged.ts';
import type { SeenInstance } from './seen.ts';

const ALIVE: Filter = {
  Name: 'instance-state-name',
  Values: ['pending', 'running', 'stopping', 'stopped', 'shutting-down'],
};

/** Those that bear the tag of one of the fleets, and those with these ids, as far as they are there. */
export async function lookAtInstances(
  ec2: EC2,
  fleets: readonly string[],
  ids: readonly string[],
): Promise<readonly SeenInstance[]> {
  const find = (filter: Filter, MaxResults?: number) =>
    paged(
      (page) => ec2.describeInstances({ Filters: [filter, ALIVE], ...(MaxResults && { MaxResults }), ...page }),
      ({ Reservations }) => Reservations?.flatMap(({ Instances = [] }) => Instances),
    );
  const tagged = await find({ Name: `tag:${FLEET_TAG}`, Values: [...fleets] }, 1000);
  const seen = new Set(tagged.map(({ InstanceId }) => InstanceId));
  const missed = ids.filter((id) => !seen.has(id));
  const others = await inParts(missed, (Values) => find({ Name: 'instance-id', Values }));
  return [...tagged, ...others].map(seenInstance);
}

function seenInstance(one: Instance): SeenInstance {
  return {
    id: one.InstanceId ?? '',
    state: one.State?.Name ?? '',
    token: one.ClientToken ?? '',
    imageId: one.ImageId ?? '',
    instanceType: one.InstanceType ?? '',
    subnetId: one.SubnetId ?? '',
    securityGroupIds: (one.SecurityGroups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
    tags: Object.fromEntries((one.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    reason: one.StateReason?.Message ?? one.StateTransitionReason ?? '',
  };
}
