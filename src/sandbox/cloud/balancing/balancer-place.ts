/** Where a load balancer is: its subnets, its security groups and its address. */

import type { CreateLoadBalancerInput } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Context } from '../action.ts';
import type { SecurityGroupRecord, SubnetRecord } from '../network-records.ts';
import { type Placement, placeInstance } from '../place-instance.ts';
import { ApiError } from '../protocol/api-error.ts';
import type { Region } from '../region.ts';
import type { BalancerType } from './balancing-records.ts';
import { validationError } from './validation-error.ts';

export type SubnetWish = Pick<CreateLoadBalancerInput, 'Subnets' | 'SubnetMappings'>;

/** In one VPC, each in a zone of its own. Throws ApiErrors. */
export function subnetsFor(region: Region, type: BalancerType, wish: SubnetWish): readonly SubnetRecord[] {
  const { Subnets = [], SubnetMappings = [] } = wish;
  if (Subnets.length > 0 && SubnetMappings.length > 0) {
    throw validationError('You cannot specify both subnets and subnet mappings');
  }
  const wrong = SubnetMappings.flatMap((mapping) => Object.keys(mapping)).find((name) => name !== 'SubnetId');
  if (wrong !== undefined) {
    throw new ApiError(
      'UnsupportedOperation',
      `The sandbox chooses the addresses of load balancers: leave out ${wrong}.`,
    );
  }
  const ids = [...Subnets, ...SubnetMappings.map(({ SubnetId = '' }) => SubnetId)];
  if (ids.length === 0) throw validationError('At least one subnet must be specified');
  const subnets = ids.map((id) => subnetOf(region, id));
  const [first] = subnets;
  if (subnets.some(({ vpcId }) => vpcId !== first?.vpcId)) {
    throw new ApiError('InvalidSubnet', 'All subnets must belong to the same VPC');
  }
  if (new Set(subnets.map(({ zone }) => zone)).size < subnets.length) {
    throw new ApiError(
      'InvalidConfigurationRequest',
      'A load balancer cannot be attached to multiple subnets in the same Availability Zone',
    );
  }
  if (subnets.length > 1 || type === 'network') return subnets;
  throw validationError('At least two subnets in two different Availability Zones must be specified');
}

function subnetOf(region: Region, id: string): SubnetRecord {
  const subnet = region.state.subnets[id];
  if (subnet !== undefined && region.seen.subnets[id] !== undefined) return subnet;
  throw new ApiError('SubnetNotFound', `The subnet ID '${id}' does not exist`);
}

/** Each once; an application load balancer has the VPC's default one where none is given. Throws the ApiError `InvalidSecurityGroup`. */
export function groupsFor(
  region: Region,
  type: BalancerType,
  vpcId: string,
  wanted: readonly string[] = [],
): readonly string[] {
  const groups = Object.values(region.state.securityGroups).filter((group) => group.vpcId === vpcId);
  if (wanted.length === 0) return type === 'network' ? [] : groups.filter(isDefault).map(({ id }) => id);
  const wrong = wanted.filter((id) => !groups.some((group) => group.id === id));
  if (wrong.length === 0) return [...new Set(wanted)];
  throw new ApiError('InvalidSecurityGroup', `One or more security groups are invalid: '${wrong.join(`', '`)}'`);
}

function isDefault({ name }: SecurityGroupRecord): boolean {
  return name === 'default';
}

/** Its address is one of its first subnet's, as an instance's would be. Throws ApiErrors. */
export function addressFor(context: Context, subnets: readonly SubnetRecord[]): Pick<Placement, 'number' | 'address'> {
  const { number, address } = placeInstance(context, { subnetId: subnets[0]?.id });
  return { number, address };
}
