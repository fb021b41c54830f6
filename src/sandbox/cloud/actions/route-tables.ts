/** Route tables: which there are, and which is whose. */

import type {
  AssociateRouteTableRequest,
  AssociateRouteTableResult,
  CreateRouteTableRequest,
  CreateRouteTableResult,
  DeleteRouteTableRequest,
  DescribeRouteTablesRequest,
  DescribeRouteTablesResult,
  DisassociateRouteTableRequest,
  ReplaceRouteTableAssociationRequest,
  ReplaceRouteTableAssociationResult,
} from '@aws-sdk/client-ec2';
import type { Action, Actions } from '../action.ts';
import { filtered } from '../filters.ts';
import { idempotent } from '../idempotency.ts';
import { listed } from '../listed.ts';
import type { RouteTableAssociation, RouteTableRecord } from '../network-records.ts';
import { only } from '../only.ts';
import { paginate } from '../paginate.ts';
import { ApiError, missingParameter } from '../protocol/api-error.ts';
import type { Region } from '../region.ts';
import { newId } from '../resource-ids.ts';
import { routeTableFacets, shownRouteTable } from '../shown-route-table.ts';
import { allowTagTypes, tagsFor } from '../tags.ts';

const createTable: Action<CreateRouteTableRequest, CreateRouteTableResult> = async (input, context) => {
  only(input, ['VpcId', 'TagSpecifications', 'ClientToken']);
  const { ClientToken: token, TagSpecifications } = input;
  const { region } = context;
  const vpc = region.find('vpcs', input.VpcId ?? '');
  allowTagTypes(['route-table'], TagSpecifications);
  const tags = tagsFor('route-table', TagSpecifications);
  const [id = ''] = await idempotent(context, { token, input, kind: 'routeTables' }, () => {
    const routes = [{ destination: vpc.cidr, gatewayId: 'local' }];
    const common = { id: newId('routeTables'), tags, createdAt: context.now };
    region.put('routeTables', { ...common, vpcId: vpc.id, routes, associations: [] });
    return [common.id];
  });
  const table = region.state.routeTables[id];
  return table === undefined ? {} : { RouteTable: shownRouteTable(table, context), ClientToken: token };
};

const describeTables: Action<DescribeRouteTablesRequest, DescribeRouteTablesResult> = (input, context) => {
  const found = filtered(
    listed(context.region, 'routeTables', input.RouteTableIds),
    input.Filters,
    routeTableFacets(context),
  );
  const { items, next } = paginate(found, input.MaxResults, input.NextToken);
  return { RouteTables: items.map((table) => shownRouteTable(table, context)), NextToken: next };
};

const deleteTable: Action<DeleteRouteTableRequest, object> = ({ RouteTableId = '' }, { region }) => {
  const { id, associations } = region.find('routeTables', RouteTableId);
  if (associations.length > 0) {
    throw new ApiError('DependencyViolation', `The routeTable '${id}' has dependencies and cannot be deleted.`);
  }
  region.remove('routeTables', id);
  return {};
};

const associate: Action<AssociateRouteTableRequest, AssociateRouteTableResult> = (input, { region }) => {
  only(input, ['RouteTableId', 'SubnetId']);
  if (input.SubnetId === undefined) throw missingParameter('subnetId');
  const table = region.find('routeTables', input.RouteTableId ?? '');
  const subnet = region.find('subnets', input.SubnetId);
  if (subnet.vpcId !== table.vpcId) {
    const message = `Route table ${table.id} and subnet ${subnet.id} belong to different networks`;
    throw new ApiError('InvalidParameterValue', message);
  }
  const there = Object.values(region.state.routeTables).flatMap(({ associations }) => associations);
  if (there.some(({ subnetId }) => subnetId === subnet.id)) {
    const message = `the specified association for route table ${table.id} conflicts with an existing association`;
    throw new ApiError('Resource.AlreadyAssociated', message);
  }
  const id = newAssociationId();
  add(region, table, { id, subnetId: subnet.id });
  return { AssociationId: id, AssociationState: { State: 'associated' } };
};

const disassociate: Action<DisassociateRouteTableRequest, object> = ({ AssociationId = '' }, { region }) => {
  const { table, association } = owner(region, AssociationId);
  if (association.subnetId === undefined) {
    const message = `cannot disassociate the main route table association ${AssociationId}`;
    throw new ApiError('InvalidParameterValue', message);
  }
  drop(region, table, AssociationId);
  return {};
};

/** Also makes another table the main one of its VPC, for the association of the main one. */
const replaceAssociation: Action<ReplaceRouteTableAssociationRequest, ReplaceRouteTableAssociationResult> = (
  { AssociationId = '', RouteTableId = '' },
  { region },
) => {
  const { table, association } = owner(region, AssociationId);
  const target = region.find('routeTables', RouteTableId);
  if (target.vpcId !== table.vpcId) {
    throw new ApiError('InvalidParameterValue', `${target.id} and ${table.id} belong to different networks`);
  }
  const id = newAssociationId();
  drop(region, table, AssociationId);
  add(region, target, { ...association, id });
  return { NewAssociationId: id, AssociationState: { State: 'associated' } };
};

function owner(region: Region, id: string) {
  for (const table of Object.values(region.state.routeTables)) {
    const association = table.associations.find((candidate) => candidate.id === id);
    if (association !== undefined) return { table, association };
  }
  throw new ApiError('InvalidAssociationID.NotFound', `The association ID '${id}' does not exist`);
}

function add(region: Region, { id }: RouteTableRecord, association: RouteTableAssociation): void {
  region.change('routeTables', id, (table) => ({ ...table, associations: [...table.associations, association] }));
}

function drop(region: Region, { id }: RouteTableRecord, associationId: string): void {
  region.change('routeTables', id, (table) => ({
    ...table,
    associations: table.associations.filter((association) => association.id !== associationId),
  }));
}

function newAssociationId(): string {
  return newId('routeTables').replace('rtb-', 'rtbassoc-');
}

export const ROUTE_TABLE_ACTIONS: Actions = {
  CreateRouteTable: createTable,
  DescribeRouteTables: describeTables,
  DeleteRouteTable: deleteTable,
  AssociateRouteTable: associate,
  DisassociateRouteTable: disassociate,
  ReplaceRouteTableAssociation: replaceAssociation,
};
