import type { Context } from './action.ts';
import { type Facet, type Facets, tagFacets } from './filters.ts';
import type { SecurityGroupRecord, SecurityGroupRuleRecord } from './network-records.ts';

/** What security groups can be filtered by. */
export function groupFacets({ cloud, region }: Context): Facets<SecurityGroupRecord> {
  const { account } = cloud.store.state;
  const all = region.all('securityGroupRules');
  const ofRules = (prefix: string, egress: boolean): Facets<SecurityGroupRecord> => {
    const facet =
      (what: (rule: SecurityGroupRuleRecord) => string | number | undefined): Facet<SecurityGroupRecord> =>
      ({ id }) =>
        all.filter((rule) => rule.groupId === id && rule.egress === egress).map(what);
    return {
      [`${prefix}.cidr`]: facet(({ peer }) => peer.ipv4),
      [`${prefix}.ipv6-cidr`]: facet(({ peer }) => peer.ipv6),
      [`${prefix}.group-id`]: facet(({ peer }) => peer.groupId),
      [`${prefix}.group-name`]: facet(({ peer }) => region.state.securityGroups[peer.groupId ?? '']?.name),
      [`${prefix}.user-id`]: facet(({ peer }) => (peer.groupId === undefined ? undefined : account)),
      [`${prefix}.protocol`]: facet(({ protocol }) => protocol),
      [`${prefix}.from-port`]: facet(({ from }) => from),
      [`${prefix}.to-port`]: facet(({ to }) => to),
      [`${prefix}.prefix-list-id`]: () => [],
    };
  };
  return {
    'group-id': ({ id }) => [id],
    'group-name': ({ name }) => [name],
    description: ({ description }) => [description],
    'vpc-id': ({ vpcId }) => [vpcId],
    'owner-id': () => [account],
    ...ofRules('ip-permission', false),
    ...ofRules('egress.ip-permission', true),
    ...tagFacets<SecurityGroupRecord>(({ tags }) => tags),
  };
}
