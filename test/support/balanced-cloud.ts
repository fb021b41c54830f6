/** A sandbox's cloud in this process with what balancing needs: subnets, a VPC, instances that run. */

import { join } from 'node:path';
import { platform } from 'node:process';
import { RunInstancesCommand } from '@aws-sdk/client-ec2';
import type { CreateLoadBalancerInput, CreateTargetGroupInput } from '@aws-sdk/client-elastic-load-balancing-v2';
import { seedBaseImages } from '../../src/sandbox/cloud/base-images.ts';
import { startCloudServer } from './cloud-server.ts';

export type BalancedCloud = Awaited<ReturnType<typeof startBalancedCloud>>;

/** Balancers listen at addresses of loopback, of which only Linux has more than one. */
export const describeBalancing = platform === 'linux' ? describe : describe.skip;

const REGION = 'us-east-1';

export async function startBalancedCloud() {
  const server = await startCloudServer();
  const { bases, settings } = server.home;
  seedBaseImages(server.cloud, { base: join(bases, 'one'), settings: join(settings, 'one-2026-01-01'), hosts: [] });
  const elb = server.elb(REGION);
  const ec2 = server.ec2(REGION);
  const state = () => server.cloud.region(REGION).state;
  const vpcId = Object.keys(state().vpcs)[0] ?? '';
  const subnets = Object.values(state().subnets)
    .sort((a, b) => (a.zone < b.zone ? -1 : 1))
    .map(({ id }) => id);
  return {
    server,
    elb,
    ec2,
    state,
    vpcId,
    /** In the zones a, b and c. */
    subnets,
    /** Runs instances, in zone a unless told otherwise. */
    async run(count: number, zone = `${REGION}a`): Promise<readonly string[]> {
      const { Instances = [] } = await ec2.send(
        new RunInstancesCommand({
          ImageId: Object.keys(state().images)[0],
          InstanceType: 't3.micro',
          MinCount: count,
          MaxCount: count,
          Placement: { AvailabilityZone: zone },
        }),
      );
      await server.cloud.idle();
      return Instances.map(({ InstanceId = '' }) => InstanceId);
    },
    /** An application load balancer in zones a and b; answers with its ARN. */
    async balancer(input: Partial<CreateLoadBalancerInput> = {}): Promise<string> {
      const wanted = { Name: 'web', Subnets: subnets.slice(0, 2), ...input };
      const { LoadBalancers = [] } = await elb.createLoadBalancer(wanted);
      await server.cloud.idle();
      return LoadBalancers[0]?.LoadBalancerArn ?? '';
    },
    /** A group of HTTP on port 8081; answers with its ARN. */
    async group(input: Partial<CreateTargetGroupInput> = {}): Promise<string> {
      const wanted = { Name: 'web', Protocol: 'HTTP' as const, Port: 8081, VpcId: vpcId, ...input };
      const { TargetGroups = [] } = await elb.createTargetGroup(wanted);
      return TargetGroups[0]?.TargetGroupArn ?? '';
    },
    /** A listener that forwards to a group; answers with its ARN. */
    async listener(LoadBalancerArn: string, group: string, port = 8080, protocol: 'HTTP' | 'TCP' = 'HTTP') {
      const DefaultActions = [{ Type: 'forward' as const, TargetGroupArn: group }];
      const wanted = { LoadBalancerArn, Port: port, Protocol: protocol, DefaultActions };
      const { Listeners = [] } = await elb.createListener(wanted);
      return Listeners[0]?.ListenerArn ?? '';
    },
    async stop() {
      elb.destroy();
      ec2.destroy();
      await server.stop();
    },
  };
}
