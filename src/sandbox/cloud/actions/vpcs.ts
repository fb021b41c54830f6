/** Virtual networks and their attributes. */

import type {
  CreateVpcRequest,
  CreateVpcResult,
  DeleteVpcRequest,
  DescribeVpcAttributeRequest,
  DescribeVpcAttributeResult,
  DescribeVpcsRequest,
  DescribeVpcsResult,
  ModifyVpcAttributeRequest,
} from '@aws-sdk/client-ec2';
import type { Action, Actions } from '../action.ts';
import { cidrText, parseCidr } from '../cidr.ts';
import { filtered } from '../filters.ts';
import { listed } from '../listed.ts';
import type { VpcRecord } from '../network-records.ts';
import { vpcParts, withRecords } from '../new-vpc.ts';
import { only } from '../only.ts';
import { paginate } from '../paginate.ts';
import { ApiError, invalidValue, missingParameter } from '../protocol/api-error.ts';
import { newId } from '../resource-ids.ts';
import { shownVpc, vpcFacets } from '../shown-vpc.ts';
import { allowTagTypes, tagsFor } from '../tags.ts';
import { dependsOnVpc } from '../vpc-dependents.ts';
import { withoutVpc } from '../without-vpc.ts';

const createVpc: Action<CreateVpcRequest, CreateVpcResult> = (input, context) => {
  only(input, ['CidrBlock', 'TagSpecifications', 'InstanceTenancy']);
  const { CidrBlock, InstanceTenancy: tenancy = 'default', TagSpecifications } = input;
  if (CidrBlock === undefined) throw missingParameter('cidrBlock');
  const cidr = parseCidr(CidrBlock);
  if (cidr === undefined) throw invalidValue(CidrBlock, 'cidrBlock', 'This is not a valid CIDR block.');
  if (cidr.prefix < 16 || cidr.prefix > 28) {
    throw new ApiError('InvalidVpc.Range', `The CIDR '${CidrBlock}' is invalid.`);
  }
  if (tenancy === 'host') throw new ApiError('UnsupportedTenancy', `The tenancy value ${tenancy} is not supported.`);
  allowTagTypes(['vpc'], TagSpecifications);
  const vpc: VpcRecord = {
    id: newId('vpcs'),
    tags: tagsFor('vpc', TagSpecifications),
    createdAt: context.now,
    cidr: cidrText(cidr),
    isDefault: false,
    tenancy,
    dnsSupport: true,
    dnsHostnames: false,
    addressUsageMetrics: false,
  };
  context.region.update((region) => withRecords(region, vpcParts(vpc, newId)));
  return { Vpc: { ...shownVpc(vpc, context), State: 'pending' } };
};

const describeVpcs: Action<DescribeVpcsRequest, DescribeVpcsResult> = (input, context) => {
  const found = filtered(listed(context.region, 'vpcs', input.VpcIds), input.Filters, vpcFacets(context));
  const { items, next } = paginate(found, input.MaxResults, input.NextToken);
  return { Vpcs: items.map((vpc) => shownVpc(vpc, context)), NextToken: next };
};

const deleteVpc: Action<DeleteVpcRequest, object> = ({ VpcId = '' }, { region }) => {
  const vpc = region.find('vpcs', VpcId);
  if (dependsOnVpc(region.state, vpc.id)) {
    throw new ApiError('DependencyViolation', `The vpc '${vpc.id}' has dependencies and cannot be deleted.`);
  }
  region.update((state) => withoutVpc(state, vpc.id));
  return {};
};

const describeVpcAttribute: Action<DescribeVpcAttributeRequest, DescribeVpcAttributeResult> = (
  { VpcId = '', Attribute },
  { region },
) => {
  const vpc = region.find('vpcs', VpcId);
  switch (Attribute) {
    case 'enableDnsSupport':
      return { VpcId, EnableDnsSupport: { Value: vpc.dnsSupport } };
    case 'enableDnsHostnames':
      return { VpcId, EnableDnsHostnames: { Value: vpc.dnsHostnames } };
    case 'enableNetworkAddressUsageMetrics':
      return { VpcId, EnableNetworkAddressUsageMetrics: { Value: vpc.addressUsageMetrics } };
    default:
      throw invalidValue(String(Attribute), 'attribute', 'Unknown attribute.');
  }
};

const modifyVpcAttribute: Action<ModifyVpcAttributeRequest, object> = (input, { region }) => {
  const { VpcId = '', EnableDnsSupport, EnableDnsHostnames, EnableNetworkAddressUsageMetrics } = input;
  const { id } = region.find('vpcs', VpcId);
  const given = [EnableDnsSupport, EnableDnsHostnames, EnableNetworkAddressUsageMetrics].filter(Boolean);
  if (given.length !== 1) {
    throw new ApiError('InvalidParameterCombination', 'Exactly one attribute of a VPC is changed at a time');
  }
  region.change('vpcs', id, (vpc) => ({
    ...vpc,
    dnsSupport: EnableDnsSupport?.Value ?? vpc.dnsSupport,
    dnsHostnames: EnableDnsHostnames?.Value ?? vpc.dnsHostnames,
    addressUsageMetrics: EnableNetworkAddressUsageMetrics?.Value ?? vpc.addressUsageMetrics,
  }));
  return {};
};

export const VPC_ACTIONS: Actions = {
  CreateVpc: createVpc,
  DescribeVpcs: describeVpcs,
  DeleteVpc: deleteVpc,
  DescribeVpcAttribute: describeVpcAttribute,
  ModifyVpcAttribute: modifyVpcAttribute,
};
