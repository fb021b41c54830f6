/** The network that every region has from the start, as a new AWS account has it: a default VPC with a subnet in each zone. */

import { cidrText, parseCidr, part } from './cidr.ts';
import type { VpcRecord } from './network-records.ts';
import { vpcParts, withRecords } from './new-vpc.ts';
import { REGION_NAMES, zonesOf } from './regions.ts';
import { prefixOf } from './resource-ids.ts';
import { stableId } from './stable-id.ts';
import { type CloudState, type Ec2Kind, EMPTY_REGION, type RegionState } from './state.ts';

/** How many bits of the address tell the default subnets apart. */
const BITS = 2;

/** The state with every region there; one that is there already keeps what it has. `network` is the sandbox's, in CIDR form. */
export function withDefaultNetworks(state: CloudState, network: string): CloudState {
  const regions = REGION_NAMES.map((name) => {
    const region = state.regions[name];
    return [name, region === undefined ? newRegion(name, network) : { ...EMPTY_REGION, ...region }];
  });
  return { ...state, regions: Object.fromEntries(regions) };
}

/** Ids follow from the region and what they are for, so that a new sandbox has those that an old one had. */
function newRegion(name: string, network: string): RegionState {
  const idFor = (kind: Ec2Kind, purpose: string) => stableId(prefixOf(kind), name, purpose);
  return withRecords(EMPTY_REGION, defaultVpcRecords(name, network, { idFor, createdAt: 0 }));
}

interface New {
  /** `purpose` tells two of one kind apart. */
  readonly idFor: (kind: Ec2Kind, purpose: string) => string;
  readonly createdAt: number;
}

/** A default VPC with all that it has in region `name`, whose network is `network`. */
export function defaultVpcRecords(name: string, network: string, { idFor, createdAt }: New) {
  const common = { tags: {}, createdAt };
  const vpc = {
    ...common,
    id: idFor('vpcs', 'default'),
    cidr: network,
    isDefault: true,
    tenancy: 'default' as const,
    dnsSupport: true,
    dnsHostnames: true,
    addressUsageMetrics: false,
  };
  const gateway = { ...common, id: idFor('internetGateways', 'default'), vpcId: vpc.id };
  const subnets = zonesOf(name).map((zone) => {
    return { ...common, ...defaultSubnet(name, vpc, zone), id: idFor('subnets', zone) };
  });
  const parts = vpcParts(vpc, idFor);
  const toInternet = { destination: '0.0.0.0/0', gatewayId: gateway.id };
  const routeTables = Object.values(parts.routeTables).map((table) => [
    table.id,
    { ...table, routes: [...table.routes, toInternet] },
  ]);
  return {
    ...parts,
    routeTables: Object.fromEntries(routeTables),
    internetGateways: { [gateway.id]: gateway },
    subnets: Object.fromEntries(subnets.map((subnet) => [subnet.id, subnet])),
  };
}

/** What the default subnet of a zone is like: it has that part of its VPC which is the zone's. */
export function defaultSubnet(region: string, { id: vpcId, cidr }: VpcRecord, zone: string) {
  const own = slice(cidr, zonesOf(region).indexOf(zone));
  const settings = { mapPublicIp: true, dnsRecord: false, hostnameType: 'ip-name' as const };
  return { ...settings, vpcId, cidr: own, zone, isDefault: true };
}

function slice(network: string, index: number): string {
  const whole = parseCidr(network);
  if (whole === undefined) throw new Error(`${network} is no network`);
  return cidrText(part(whole, BITS, index));
}
