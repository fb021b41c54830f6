/** A sandbox's cloud in this process with what Auto Scaling needs: a launch template, and time that passes when told to. */

import type { CreateAutoScalingGroupType, StartInstanceRefreshType } from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  type RequestLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import type { ScalingGroupRecord } from '../../src/sandbox/cloud/scaling/group-record.ts';
import { watchGroups } from '../../src/sandbox/cloud/scaling/watch-groups.ts';
import { watchInstances } from '../../src/sandbox/cloud/watch-instances.ts';
import { startBalancedCloud } from './balanced-cloud.ts';

export type ScaledCloud = Awaited<ReturnType<typeof startScaledCloud>>;

const NEVER = 1_000_000_000;

export async function startScaledCloud() {
  const cloud = await startBalancedCloud();
  const { server, ec2, subnets } = cloud;
  const scaling = server.scaling('us-east-1');
  const ImageId = Object.keys(cloud.state().images)[0];
  const made = await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: 'web',
      LaunchTemplateData: { ImageId, InstanceType: 't3.micro' },
    }),
  );
  const LaunchTemplateId = made.LaunchTemplate?.LaunchTemplateId ?? '';

  const record = (name = 'web'): ScalingGroupRecord | undefined =>
    Object.values(cloud.state().scalingGroups).find((group) => group.name === name);

  /** Looks once, as the server does every moment. */
  const look = async () => {
    const groups = watchGroups(server.cloud, { interval: NEVER, clock: server.clock });
    const instances = watchInstances(server.cloud, { interval: NEVER, retry: 0 });
    await groups.look();
    await instances.look();
    groups.stop();
    instances.stop();
    await server.cloud.idle();
  };

  /** Looks until nothing changes any more at this moment. */
  const settle = async () => {
    for (let round = 0; round < 100; round += 1) {
      const before = server.cloud.store.state;
      await look();
      if (server.cloud.store.state === before) return;
    }
    throw new Error('the groups do not come to rest');
  };

  return {
    ...cloud,
    scaling,
    LaunchTemplateId,
    /** The Auto Scaling group as it is kept. */
    record,
    look,
    settle,
    /** Lets so many seconds pass, and what follows happen. */
    async later(seconds: number) {
      server.pass(seconds * 1000);
      await settle();
    },
    /** A group `web` in the zones a, b and c that has what it shall have. */
    async create(input: Partial<CreateAutoScalingGroupType> = {}) {
      await scaling.createAutoScalingGroup({
        AutoScalingGroupName: 'web',
        LaunchTemplate: { LaunchTemplateId, Version: '1' },
        MinSize: 0,
        MaxSize: 10,
        DesiredCapacity: 3,
        VPCZoneIdentifier: subnets.join(','),
        ...input,
      });
      await settle();
    },
    /** Another version of the template, with another type; answers with its number. */
    async version(data: RequestLaunchTemplateData = {}): Promise<string> {
      const LaunchTemplateData = { InstanceType: 't3.small' as const, ...data };
      const input = { LaunchTemplateId, SourceVersion: '1', LaunchTemplateData };
      const { LaunchTemplateVersion } = await ec2.send(new CreateLaunchTemplateVersionCommand(input));
      return String(LaunchTemplateVersion?.VersionNumber);
    },
    /** Begins to bring the group to a version, or to what it has. */
    async refresh(version: string | undefined, input: Partial<StartInstanceRefreshType> = {}): Promise<string> {
      const desired = { DesiredConfiguration: { LaunchTemplate: { LaunchTemplateId, Version: version } } };
      const wanted = { AutoScalingGroupName: 'web', ...(version === undefined ? {} : desired), ...input };
      const { InstanceRefreshId = '' } = await scaling.startInstanceRefresh(wanted);
      return InstanceRefreshId;
    },
    /** The newest refresh. */
    async refreshed() {
      const { InstanceRefreshes = [] } = await scaling.describeInstanceRefreshes({ AutoScalingGroupName: 'web' });
      return InstanceRefreshes[0];
    },
    /** `STATE vVERSION` of each instance, in order. */
    members: () => [...(record()?.members ?? [])].map(({ state, template }) => `${state} v${template?.version}`).sort(),
    ids: () => (record()?.members ?? []).map(({ instanceId }) => instanceId),
    async stop() {
      scaling.destroy();
      await cloud.stop();
    },
  };
}
