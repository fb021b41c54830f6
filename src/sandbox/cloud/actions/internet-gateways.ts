/** Internet gateways, and which network each is attached to. */

import type {
  AttachInternetGatewayRequest,
  CreateInternetGatewayRequest,
  DeleteInternetGatewayRequest,
  DescribeInternetGatewaysRequest,
  DetachInternetGatewayRequest,
  InternetGateway,
} from '@aws-sdk/client-ec2';
import type { Action, Actions, Context } from '../action.ts';
import { filtered, tagFacets } from '../filters.ts';
import { listed } from '../listed.ts';
import type { InternetGatewayRecord } from '../network-records.ts';
import { paginate } from '../paginate.ts';
import { ApiError } from '../protocol/api-error.ts';
import { newId } from '../resource-ids.ts';
import { allowTagTypes, shownTags, tagsFor } from '../tags.ts';

const createGateway: Action<CreateInternetGatewayRequest, { readonly InternetGateway: Shown }> = (
  { TagSpecifications },
  context,
) => {
  allowTagTypes(['internet-gateway'], TagSpecifications);
  const gateway = {
    id: newId('internetGateways'),
    tags: tagsFor('internet-gateway', TagSpecifications),
    createdAt: context.now,
  };
  context.region.put('internetGateways', gateway);
  return { InternetGateway: shown(gateway, context) };
};

const describeGateways: Action<DescribeInternetGatewaysRequest, object> = (input, context) => {
  const found = filtered(listed(context.region, 'internetGateways', input.InternetGatewayIds), input.Filters, {
    'internet-gateway-id': ({ id }) => [id],
    'attachment.vpc-id': ({ vpcId }) => [vpcId],
    'attachment.state': ({ vpcId }) => (vpcId === undefined ? [] : ['available']),
    'owner-id': () => [context.cloud.store.state.account],
    ...tagFacets<InternetGatewayRecord>(({ tags }) => tags),
  });
  const { items, next } = paginate(found, input.MaxResults, input.NextToken);
  return { InternetGateways: items.map((gateway) => shown(gateway, context)), NextToken: next };
};

const attachGateway: Action<AttachInternetGatewayRequest, object> = (
  { InternetGatewayId = '', VpcId = '' },
  { region },
) => {
  const gateway = region.find('internetGateways', InternetGatewayId);
  const vpc = region.find('vpcs', VpcId);
  if (gateway.vpcId !== undefined) {
    throw new ApiError('Resource.AlreadyAssociated', `resource ${gateway.id} is already attached to network ${VpcId}`);
  }
  if (Object.values(region.state.internetGateways).some(({ vpcId }) => vpcId === vpc.id)) {
    const message = `Network ${vpc.id} already has an internet gateway attached`;
    throw new ApiError('InvalidParameterValue', message);
  }
  region.put('internetGateways', { ...gateway, vpcId: vpc.id });
  return {};
};

const detachGateway: Action<DetachInternetGatewayRequest, object> = (
  { InternetGatewayId = '', VpcId = '' },
  { region },
) => {
  const gateway = region.find('internetGateways', InternetGatewayId);
  const vpc = region.find('vpcs', VpcId);
  if (gateway.vpcId !== vpc.id) {
    throw new ApiError('Gateway.NotAttached', `resource ${gateway.id} is not attached to network ${vpc.id}`);
  }
  const { vpcId: _, ...detached } = gateway;
  region.put('internetGateways', detached);
  return {};
};

const deleteGateway: Action<DeleteInternetGatewayRequest, object> = ({ InternetGatewayId = '' }, { region }) => {
  const { id, vpcId } = region.find('internetGateways', InternetGatewayId);
  if (vpcId !== undefined) {
    const message = `The internetGateway '${id}' has dependencies and cannot be deleted.`;
    throw new ApiError('DependencyViolation', message);
  }
  region.remove('internetGateways', id);
  return {};
};

/** EC2 says `available` of an attachment, which the SDK's type does not know. */
interface Shown extends Omit<InternetGateway, 'Attachments'> {
  readonly Attachments: readonly { readonly VpcId: string; readonly State: 'available' }[];
}

function shown({ id, vpcId, tags }: InternetGatewayRecord, { cloud }: Context): Shown {
  return {
    InternetGatewayId: id,
    OwnerId: cloud.store.state.account,
    Attachments: vpcId === undefined ? [] : [{ VpcId: vpcId, State: 'available' }],
    Tags: shownTags(tags),
  };
}

export const INTERNET_GATEWAY_ACTIONS: Actions = {
  CreateInternetGateway: createGateway,
  DescribeInternetGateways: describeGateways,
  AttachInternetGateway: attachGateway,
  DetachInternetGateway: detachGateway,
  DeleteInternetGateway: deleteGateway,
};
