/** A load balancer on port 80 before instances that serve port 8080, in a sandbox's cloud. */

import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeImagesCommand,
  DescribeSubnetsCommand,
} from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { CREDENTIALS } from './cloud-server.ts';
import type { ServedCloud } from './served-cloud.ts';

export interface WebBalancer {
  readonly imageId: string;
  readonly subnets: readonly string[];
  readonly securityGroupId: string;
  readonly targetGroup: string;
  /** The page through it; empty where there is none. */
  readonly page: () => Promise<string>;
}

export function balancing({ endpoint }: ServedCloud): ElasticLoadBalancingV2 {
  return new ElasticLoadBalancingV2({ region: 'us-east-1', endpoint, credentials: CREDENTIALS });
}

export async function webBalancer(cloud: ServedCloud): Promise<WebBalancer> {
  const { ec2 } = cloud;
  const elb = balancing(cloud);
  const { Images = [] } = await ec2.send(new DescribeImagesCommand({ Owners: ['sandbox'] }));
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
  const subnets = Subnets.flatMap(({ SubnetId }) => SubnetId ?? []);
  const { GroupId = '' } = await ec2.send(new CreateSecurityGroupCommand({ GroupName: 'web', Description: 'web' }));
  for (const port of [80, 8080]) {
    const rule = { GroupId, IpProtocol: 'tcp', FromPort: port, ToPort: port, CidrIp: '0.0.0.0/0' };
    await ec2.send(new AuthorizeSecurityGroupIngressCommand(rule));
  }
  const balancer = await elb.createLoadBalancer({ Name: 'web', Subnets: subnets, SecurityGroups: [GroupId] });
  const { LoadBalancerArn, DNSName = '' } = balancer.LoadBalancers?.[0] ?? {};
  const checks = { HealthCheckIntervalSeconds: 5, HealthCheckTimeoutSeconds: 2, HealthyThresholdCount: 2 };
  const VpcId = Subnets[0]?.VpcId;
  const made = await elb.createTargetGroup({ Name: 'web', Protocol: 'HTTP', Port: 8080, VpcId, ...checks });
  const targetGroup = made.TargetGroups?.[0]?.TargetGroupArn ?? '';
  const Attributes = [{ Key: 'deregistration_delay.timeout_seconds', Value: '1' }];
  await elb.modifyTargetGroupAttributes({ TargetGroupArn: targetGroup, Attributes });
  const DefaultActions = [{ Type: 'forward' as const, TargetGroupArn: targetGroup }];
  await elb.createListener({ LoadBalancerArn, Port: 80, Protocol: 'HTTP', DefaultActions });
  elb.destroy();
  const page = async () => {
    try {
      const answer = await fetch(`http://${DNSName}/`, { signal: AbortSignal.timeout(3000) });
      return answer.ok ? (await answer.text()).trim() : '';
    } catch {
      return '';
    }
  };
  return { imageId: Images[0]?.ImageId ?? '', subnets, securityGroupId: GroupId, targetGroup, page };
}

/** User-data that serves a text on port 8080; nothing at all where there is none. */
export function servingScript(text: string | undefined): string {
  const serve = `mkdir /srv/web && echo ${text} >/srv/web/index.html && systemd-run --working-directory=/srv/web python3 -m http.server 8080`;
  return `#!/bin/sh\n${text === undefined ? 'true' : serve}\n`;
}
