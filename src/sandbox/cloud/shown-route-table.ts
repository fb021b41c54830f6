/** Route tables as the API shows them. */

import type { Route, RouteTable } from '@aws-sdk/client-ec2';
import type { Context } from './action.ts';
import { type Facets, tagFacets } from './filters.ts';
import { isMain } from './main-table.ts';
import type { RouteRecord, RouteTableRecord } from './network-records.ts';
import { shownTags } from './tags.ts';

export function shownRouteTable(table: RouteTableRecord, context: Context): RouteTable {
  return {
    RouteTableId: table.id,
    VpcId: table.vpcId,
    OwnerId: context.cloud.store.state.account,
    Routes: table.routes.map((route) => shownRoute(table, route, context)),
    Associations: table.associations.map(({ id, subnetId }) => ({
      RouteTableAssociationId: id,
      RouteTableId: table.id,
      Main: subnetId === undefined,
      SubnetId: subnetId,
      AssociationState: { State: 'associated' },
    })),
    PropagatingVgws: [],
    Tags: shownTags(table.tags),
  };
}

/** A route is a black hole when its gateway is gone or is attached elsewhere. */
function shownRoute({ vpcId }: RouteTableRecord, { destination, gatewayId }: RouteRecord, { region }: Context): Route {
  const works = gatewayId === 'local' || region.state.internetGateways[gatewayId]?.vpcId === vpcId;
  return {
    DestinationCidrBlock: destination,
    GatewayId: gatewayId,
    Origin: gatewayId === 'local' ? 'CreateRouteTable' : 'CreateRoute',
    State: works ? 'active' : 'blackhole',
  };
}

export function routeTableFacets(context: Context): Facets<RouteTableRecord> {
  const routes = (facet: (route: Route) => string | undefined) => (table: RouteTableRecord) =>
    table.routes.map((route) => facet(shownRoute(table, route, context)));
  return {
    'route-table-id': ({ id }) => [id],
    'vpc-id': ({ vpcId }) => [vpcId],
    'owner-id': () => [context.cloud.store.state.account],
    'association.main': (table) => [isMain(table)],
    'association.subnet-id': ({ associations }) => associations.map(({ subnetId }) => subnetId),
    'association.route-table-association-id': ({ associations }) => associations.map(({ id }) => id),
    'association.route-table-id': ({ id, associations }) => (associations.length > 0 ? [id] : []),
    'association.gateway-id': () => [],
    'route.destination-cidr-block': routes(({ DestinationCidrBlock }) => DestinationCidrBlock),
    'route.gateway-id': routes(({ GatewayId }) => GatewayId),
    'route.origin': routes(({ Origin }) => Origin),
    'route.state': routes(({ State }) => State),
    ...tagFacets<RouteTableRecord>(({ tags }) => tags),
  };
}
