/** Subnets, security groups and key pairs: those that a fleet names, or the default ones. */

import type { EC2, KeyPairInfo, SecurityGroup, Subnet } from '@aws-sdk/client-ec2';
import type { FleetConfig } from '../../config/fleet.ts';
import type { Findings } from '../../fault.ts';
import { near } from '../../value/near.ts';
import { whereOf } from '../../value/source.ts';
import { paged } from './paged.ts';
import type { SeenSubnet } from './seen.ts';

export interface Network {
  readonly subnets: readonly Subnet[];
  readonly securityGroups: readonly SecurityGroup[];
  readonly keys: readonly KeyPairInfo[];
}

/** All of the region. */
export async function lookAtNetwork(ec2: EC2): Promise<Network> {
  const [subnets, securityGroups, keys] = await Promise.all([
    paged(
      (page) => ec2.describeSubnets({ MaxResults: 1000, ...page }),
      ({ Subnets }) => Subnets,
    ),
    paged(
      (page) => ec2.describeSecurityGroups({ MaxResults: 1000, ...page }),
      ({ SecurityGroups }) => SecurityGroups,
    ),
    ec2.describeKeyPairs({}).then(({ KeyPairs = [] }) => KeyPairs),
  ]);
  return { subnets, securityGroups, keys };
}

export interface Place {
  readonly subnets: readonly SeenSubnet[];
  readonly vpc: string | undefined;
  readonly securityGroupIds: readonly string[];
  readonly warnings: readonly string[];
}

/** What is wrong goes to the findings. */
export function placeMeant(fleet: FleetConfig, network: Network, findings: Findings): Place {
  const subnets = subnetsMeant(fleet, network, findings);
  const vpc = subnets[0]?.VpcId;
  for (const [index, { SubnetId, VpcId }] of subnets.entries()) {
    if (VpcId === vpc) continue;
    findings.fault(
      'fleet-invalid',
      `fleet ${fleet.name}: ${SubnetId} is in ${VpcId}, and ${subnets[0]?.SubnetId} in ${vpc}`,
      {
        where: whereOf(fleet.subnets, index),
        hint: 'a fleet is in one VPC',
      },
    );
  }
  keyMeant(fleet, network, findings);
  return {
    subnets: subnets.map(({ SubnetId: id = '', AvailabilityZone: zone = '' }) => ({ id, zone })),
    vpc,
    securityGroupIds: vpc === undefined ? [] : groupsMeant(fleet, network, vpc, findings),
    warnings: sameZone(subnets),
  };
}

function subnetsMeant(fleet: FleetConfig, { subnets: all }: Network, findings: Findings): readonly Subnet[] {
  if (fleet.subnets.length === 0) {
    const own = all.filter(({ DefaultForAz }) => DefaultForAz === true);
    if (own.length === 0) {
      findings.fault('fleet-invalid', `fleet ${fleet.name} names no subnets, and there are no default ones`, {
        where: whereOf(fleet),
        hint: 'write  subnets: [subnet-...]',
      });
    }
    return own.sort((a, b) => ((a.AvailabilityZone ?? '') < (b.AvailabilityZone ?? '') ? -1 : 1));
  }
  return fleet.subnets.flatMap((id, index) => {
    const found = all.find(({ SubnetId }) => SubnetId === id);
    if (found) return [found];
    const [likely] = near(
      id,
      all.flatMap(({ SubnetId }) => SubnetId ?? []),
    );
    findings.fault('fleet-invalid', `fleet ${fleet.name}: there is no subnet ${id}`, {
      where: whereOf(fleet.subnets, index) ?? whereOf(fleet, 'subnets'),
      hint: likely === undefined ? '`aws ec2 describe-subnets` lists them' : `did you mean ${likely}?`,
    });
    return [];
  });
}

function groupsMeant(fleet: FleetConfig, network: Network, vpc: string, findings: Findings): readonly string[] {
  const all = network.securityGroups.filter(({ VpcId }) => VpcId === vpc);
  if (fleet.securityGroups.length === 0) {
    return all.filter(({ GroupName }) => GroupName === 'default').flatMap(({ GroupId }) => GroupId ?? []);
  }
  return fleet.securityGroups.flatMap((word, index) => {
    const found = all.find(({ GroupId, GroupName }) => GroupId === word || GroupName === word)?.GroupId;
    if (found !== undefined) return [found];
    const other = network.securityGroups.find(
      ({ GroupId, GroupName }) => GroupId === word || GroupName === word,
    )?.VpcId;
    const [likely] = near(
      word,
      all.flatMap(({ GroupId = '', GroupName = '' }) => [GroupName, GroupId]),
    );
    const elsewhere = other === undefined ? undefined : `it is in ${other}, and the fleet's subnets are in ${vpc}`;
    const meant = likely === undefined ? '`aws ec2 describe-security-groups` lists them' : `did you mean ${likely}?`;
    findings.fault('fleet-invalid', `fleet ${fleet.name}: there is no security group ${word} in ${vpc}`, {
      where: whereOf(fleet.securityGroups, index) ?? whereOf(fleet, 'security_groups'),
      hint: elsewhere ?? meant,
    });
    return [];
  });
}

function keyMeant(fleet: FleetConfig, { keys }: Network, findings: Findings): void {
  if (fleet.key === undefined || keys.some(({ KeyName }) => KeyName === fleet.key)) return;
  const [likely] = near(
    fleet.key,
    keys.flatMap(({ KeyName }) => KeyName ?? []),
  );
  findings.fault('fleet-invalid', `fleet ${fleet.name}: there is no key pair ${fleet.key}`, {
    where: whereOf(fleet, 'key'),
    hint: likely === undefined ? '`aws ec2 import-key-pair` makes one of a public key' : `did you mean ${likely}?`,
  });
}

function sameZone(subnets: readonly Subnet[]): readonly string[] {
  const zones = new Map<string, string[]>();
  for (const { SubnetId = '', AvailabilityZone: zone = '' } of subnets)
    zones.set(zone, [...(zones.get(zone) ?? []), SubnetId]);
  return [...zones]
    .filter(([, ids]) => ids.length > 1 && zones.size > 1)
    .map(
      ([zone, ids]) =>
        `${ids.join(' and ')} are both in ${zone}, which therefore has more of the instances than other zones`,
    );
}
