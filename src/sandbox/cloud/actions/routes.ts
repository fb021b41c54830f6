/** The routes of a table. The sandbox has one kind: to an internet gateway. */

import type {
  CreateRouteRequest,
  CreateRouteResult,
  DeleteRouteRequest,
  ReplaceRouteRequest,
} from '@aws-sdk/client-ec2';
import type { Action, Actions } from '../action.ts';
import { cidrText, parseCidr } from '../cidr.ts';
import type { RouteTableRecord } from '../network-records.ts';
import { only } from '../only.ts';
import { ApiError, invalidValue, missingParameter } from '../protocol/api-error.ts';
import type { Region } from '../region.ts';

const PARAMETERS = ['RouteTableId', 'DestinationCidrBlock', 'GatewayId'];

const createRoute: Action<CreateRouteRequest, CreateRouteResult> = (input, { region }) => {
  only(input, PARAMETERS);
  const table = region.find('routeTables', input.RouteTableId ?? '');
  const destination = destinationOf(input.DestinationCidrBlock);
  const gatewayId = gatewayFor(region, table, input.GatewayId);
  const there = table.routes.find((route) => route.destination === destination);
  if (there !== undefined && there.gatewayId !== gatewayId) {
    throw new ApiError('RouteAlreadyExists', `The route identified by ${destination} already exists.`);
  }
  if (there === undefined) {
    region.change('routeTables', table.id, (record) => ({
      ...record,
      routes: [...record.routes, { destination, gatewayId }],
    }));
  }
  return { Return: true };
};

const replaceRoute: Action<ReplaceRouteRequest, object> = (input, { region }) => {
  only(input, PARAMETERS);
  const table = region.find('routeTables', input.RouteTableId ?? '');
  const destination = destinationOf(input.DestinationCidrBlock);
  const gatewayId = gatewayFor(region, table, input.GatewayId);
  if (!table.routes.some((route) => route.destination === destination)) {
    const message = `There is no route defined for '${destination}' in the route table. Use CreateRoute instead.`;
    throw new ApiError('InvalidParameterValue', message);
  }
  region.change('routeTables', table.id, (record) => ({
    ...record,
    routes: record.routes.map((route) => (route.destination === destination ? { destination, gatewayId } : route)),
  }));
  return {};
};

const deleteRoute: Action<DeleteRouteRequest, object> = (input, { region }) => {
  only(input, PARAMETERS);
  const table = region.find('routeTables', input.RouteTableId ?? '');
  const destination = destinationOf(input.DestinationCidrBlock);
  const route = table.routes.find((candidate) => candidate.destination === destination);
  if (route === undefined) {
    const message = `no route with destination-cidr-block ${destination} in route table ${table.id}`;
    throw new ApiError('InvalidRoute.NotFound', message);
  }
  if (route.gatewayId === 'local') {
    throw new ApiError('InvalidParameterValue', `cannot remove local route ${destination} in route table ${table.id}`);
  }
  region.change('routeTables', table.id, (record) => ({
    ...record,
    routes: record.routes.filter((candidate) => candidate.destination !== destination),
  }));
  return {};
};

function destinationOf(text: string | undefined): string {
  if (text === undefined) throw missingParameter('destinationCidrBlock');
  const cidr = parseCidr(text);
  if (cidr === undefined) throw invalidValue(text, 'destinationCidrBlock', 'This is not a valid CIDR block.');
  return cidrText(cidr);
}

function gatewayFor(region: Region, table: RouteTableRecord, id: string | undefined): string {
  if (id === undefined) throw missingParameter('gatewayId');
  const gateway = region.find('internetGateways', id);
  if (gateway.vpcId === table.vpcId) return gateway.id;
  const message = `route table ${table.id} and network gateway ${gateway.id} belong to different networks`;
  throw new ApiError('InvalidParameterValue', message);
}

export const ROUTE_ACTIONS: Actions = {
  CreateRoute: createRoute,
  ReplaceRoute: replaceRoute,
  DeleteRoute: deleteRoute,
};
