import type { AvailabilityZone, LoadBalancer } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Context } from '../action.ts';
import { stableId } from '../stable-id.ts';
import type { LoadBalancerRecord } from './balancing-records.ts';

export function shownBalancer(balancer: LoadBalancerRecord, context: Context): LoadBalancer {
  const { id, createdAt, name, scheme, vpcId, type, groupIds, state, reason } = balancer;
  return {
    LoadBalancerArn: id,
    // No name leads to it: clients here reach it by its address.
    DNSName: context.cloud.balancing.reach(balancer.address),
    CanonicalHostedZoneId: hostedZoneOf(context.region.name, type),
    CreatedTime: new Date(createdAt),
    LoadBalancerName: name,
    Scheme: scheme,
    VpcId: vpcId,
    State: { Code: state, ...(reason === undefined ? {} : { Reason: reason }) },
    Type: type,
    AvailabilityZones: shownZones(balancer, context),
    ...(groupIds.length === 0 ? {} : { SecurityGroups: [...groupIds] }),
    IpAddressType: 'ipv4',
  };
}

export function shownZones({ subnetIds }: LoadBalancerRecord, { region }: Context): AvailabilityZone[] {
  return subnetIds.map((SubnetId) => ({
    ZoneName: region.state.subnets[SubnetId]?.zone,
    SubnetId,
    LoadBalancerAddresses: [],
  }));
}

/** AWS has one for each region and type; there is no DNS here that would know it. */
function hostedZoneOf(region: string, type: string): string {
  return `Z${stableId('zone', region, type).slice(-13).toUpperCase()}`;
}
