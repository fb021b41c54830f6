/** What a fleet needs around it, made by the same calls as on AWS: a load balancer, a target group, security groups, a key pair. */

import { readFile } from 'node:fs/promises';
import type { EC2, IpPermission } from '@aws-sdk/client-ec2';
import type { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Cloud } from '../cloud/cloud.ts';
import { codeOf } from '../cloud/cloud-error.ts';

/** The key pair of the sandbox's own key, which opens its hosts too. */
export const KEY_PAIR = 'sandbox';

export interface BalancerOptions {
  /** Of the balancer, the target group, and the security group of the instances. */
  readonly name: string;
  /** Where clients ask. */
  readonly listen: number;
  /** Where instances answer. */
  readonly port: number;
  /** What the health check asks for. */
  readonly path: string;
  /** The public half of the sandbox's key: a file. */
  readonly publicKey: string;
}

export interface Balancer {
  readonly url: string;
  readonly targetGroup: string;
  readonly securityGroup: string;
  readonly key: string;
}

/** Makes what is not there yet; what is there stays as it is. Throws what the calls throw. */
export async function ensureBalancer(cloud: Cloud, options: BalancerOptions): Promise<Balancer> {
  const { name, listen, port, path } = options;
  const [ec2, elb] = [cloud.ec2(), cloud.elb()];
  const { Vpcs: [vpc] = [] } = await ec2.describeVpcs({ Filters: [{ Name: 'is-default', Values: ['true'] }] });
  const vpcId = vpc?.VpcId ?? '';
  const inDefault = [{ Name: 'vpc-id', Values: [vpcId] }];
  const { Subnets = [] } = await ec2.describeSubnets({ Filters: inDefault });
  const own = await ensureGroup(ec2, vpcId, `${name}-balancer`, 'Who may ask the balancer', [
    tcp(listen, { IpRanges: [{ CidrIp: '0.0.0.0/0' }] }),
  ]);
  const here = [{ CidrIp: vpc?.CidrBlock ?? '0.0.0.0/0', Description: 'this machine' }];
  await ensureGroup(ec2, vpcId, name, 'Instances behind the balancer', [
    tcp(port, { UserIdGroupPairs: [{ GroupId: own }], IpRanges: here }),
    tcp(22, { IpRanges: here }),
  ]);
  await ensureKeyPair(ec2, await readFile(options.publicKey));
  const health = { Protocol: 'HTTP', Port: port, VpcId: vpcId, HealthCheckPath: path } as const;
  const checks = { HealthCheckIntervalSeconds: 5, HealthCheckTimeoutSeconds: 2, HealthyThresholdCount: 2 };
  const targetGroup = await ensureTargetGroup(elb, { Name: name, TargetType: 'instance', ...health, ...checks });
  const { LoadBalancers: [balancer] = [] } = await elb.createLoadBalancer({
    Name: name,
    Type: 'application',
    Subnets: Subnets.flatMap(({ SubnetId }) => SubnetId ?? []),
    SecurityGroups: [own],
  });
  const LoadBalancerArn = balancer?.LoadBalancerArn ?? '';
  const { Listeners = [] } = await elb.describeListeners({ LoadBalancerArn });
  if (!Listeners.some(({ Port }) => Port === listen)) {
    const DefaultActions = [{ Type: 'forward', TargetGroupArn: targetGroup } as const];
    await elb.createListener({ LoadBalancerArn, Protocol: 'HTTP', Port: listen, DefaultActions });
  }
  const url = `http://${balancer?.DNSName}${listen === 80 ? '' : `:${listen}`}/`;
  return { url, targetGroup: name, securityGroup: name, key: KEY_PAIR };
}

function tcp(port: number, who: Pick<IpPermission, 'IpRanges' | 'UserIdGroupPairs'>): IpPermission {
  return { IpProtocol: 'tcp', FromPort: port, ToPort: port, ...who };
}

async function ensureGroup(
  ec2: EC2,
  vpcId: string,
  name: string,
  description: string,
  rules: readonly IpPermission[],
): Promise<string> {
  const Filters = [
    { Name: 'vpc-id', Values: [vpcId] },
    { Name: 'group-name', Values: [name] },
  ];
  const { SecurityGroups: [there] = [] } = await ec2.describeSecurityGroups({ Filters });
  const GroupId =
    there?.GroupId ??
    (await ec2.createSecurityGroup({ GroupName: name, Description: description, VpcId: vpcId })).GroupId ??
    '';
  for (const rule of rules) {
    await ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions: [rule] }).catch((error: unknown) => {
      if (codeOf(error) !== 'InvalidPermission.Duplicate') throw error;
    });
  }
  return GroupId;
}

async function ensureKeyPair(ec2: EC2, publicKey: Uint8Array): Promise<void> {
  await ec2.importKeyPair({ KeyName: KEY_PAIR, PublicKeyMaterial: publicKey }).catch((error: unknown) => {
    if (codeOf(error) !== 'InvalidKeyPair.Duplicate') throw error;
  });
}

/** The health check of one that is there may have been changed by hand, which would make another one of that name a refusal. */
async function ensureTargetGroup(
  elb: ElasticLoadBalancingV2,
  input: Parameters<ElasticLoadBalancingV2['createTargetGroup']>[0],
): Promise<string> {
  const there = await elb.describeTargetGroups({ Names: [input.Name ?? ''] }).catch((error: unknown) => {
    if (codeOf(error).startsWith('TargetGroupNotFound')) return { TargetGroups: [] };
    throw error;
  });
  const { TargetGroups: [made] = [] } = there.TargetGroups?.[0] ? there : await elb.createTargetGroup(input);
  const TargetGroupArn = made?.TargetGroupArn ?? '';
  // A drain of five minutes, the default, is long for a sandbox.
  const Attributes = [{ Key: 'deregistration_delay.timeout_seconds', Value: '5' }];
  if (!there.TargetGroups?.[0]) await elb.modifyTargetGroupAttributes({ TargetGroupArn, Attributes });
  return TargetGroupArn;
}
