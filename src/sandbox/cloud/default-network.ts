/** The network that every region has from the start, as a new AWS account has it: a default VPC with a subnet in each zone. */

import { cidrText, parseCidr, part } from './cidr.ts';
import type { SubnetRecord } from './network-records.ts';
import { vpcParts, withRecords } from './new-vpc.ts';
import { REGION_NAMES, zonesOf } from './regions.ts';
import { prefixOf } from './resource-ids.ts';
import { stableId } from './stable-id.ts';
import { type CloudState, EMPTY_REGION, type Kind, type RegionState } from './state.ts';

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
  const idFor = (kind: Kind, purpose: string) => stableId(prefixOf(kind), name, purpose);
  const common = { tags: {}, createdAt: 0 };
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
  const subnets = zonesOf(name).map((zone, index): SubnetRecord => {
    const id = idFor('subnets', zone);
    return { ...common, ...DEFAULT_SUBNET, id, vpcId: vpc.id, cidr: slice(network, index), zone, isDefault: true };
  });
  const parts = vpcParts(vpc, idFor);
  const toInternet = { destination: '0.0.0.0/0', gatewayId: gateway.id };
  const routeTables = Object.values(parts.routeTables).map((table) => [
    table.id,
    { ...table, routes: [...table.routes, toInternet] },
  ]);
  return withRecords(EMPTY_REGION, {
    ...parts,
    routeTables: Object.fromEntries(routeTables),
    internetGateways: { [gateway.id]: gateway },
    subnets: Object.fromEntries(subnets.map((subnet) => [subnet.id, subnet])),
  });
}

const DEFAULT_SUBNET = { mapPublicIp: true, dnsRecord: false, hostnameType: 'ip-name' as const };

function slice(network: string, index: number): string {
  const whole = parseCidr(network);
  if (whole === undefined) throw new Error(`${network} is no network`);
  return cidrText(part(whole, BITS, index));
}
