/** What there is in a sandbox's cloud, whether its server runs or not. */

import type { Home } from '../home.ts';
import { type BalancerStatus, balancersIn } from './balancing/balancer-status.ts';
import { exists } from './instance-record.ts';
import { isActive, percentageOf } from './scaling/refresh-record.ts';
import { runningServer } from './server-client.ts';
import { ACCOUNT, EMPTY_REGION, type RegionState } from './state.ts';
import { Store } from './store.ts';

export interface CloudStatus {
  /** Where calls are answered; undefined when the server does not run. */
  readonly endpoint: string | undefined;
  /** All but the terminated, the oldest first. */
  readonly instances: readonly InstanceStatus[];
  readonly groups: readonly GroupStatus[];
  readonly balancers: readonly BalancerStatus[];
  /** How many images were made here. */
  readonly images: number;
}

export interface InstanceStatus {
  readonly id: string;
  /** Its tag `Name`; may be empty. */
  readonly name: string;
  readonly state: string;
  readonly address: string;
  readonly region: string;
  readonly imageId: string;
}

/** An Auto Scaling group. */
export interface GroupStatus {
  readonly name: string;
  readonly region: string;
  readonly desired: number;
  readonly inService: number;
  /** Such as `web 3`: the launch template and its version. */
  readonly template: string;
  /** What it does beyond keeping its number, such as `InProgress 33%`; may be empty. */
  readonly refresh: string;
}

export async function cloudStatus(home: Home): Promise<CloudStatus> {
  const { regions } = (await Store.open(home.cloudState)).state;
  // A file of an older version may lack kinds.
  const all = Object.entries(regions).map(([name, region]) => [name, { ...EMPTY_REGION, ...region }] as const);
  const records = all.flatMap(([region, { instances }]) =>
    Object.values(instances).map((record) => ({ region, record })),
  );
  const instances = records
    .filter(({ record }) => exists(record))
    .sort((a, b) => a.record.createdAt - b.record.createdAt)
    .map(({ region, record: { id, tags, state, address, imageId } }) => {
      return { id, name: tags['Name'] ?? '', state, address, region, imageId };
    });
  const images = all.flatMap(([, region]) => Object.values(region.images)).filter(({ owner }) => owner === ACCOUNT);
  const groups = all.flatMap(([region, state]) => groupsOf(region, state));
  const balancers = all.flatMap(([region, state]) => balancersIn(region, state));
  return { endpoint: await runningServer(home), instances, groups, balancers, images: images.length };
}

function groupsOf(region: string, { scalingGroups, instanceRefreshes }: RegionState): readonly GroupStatus[] {
  const sorted = Object.values(scalingGroups).sort((a, b) => (a.name < b.name ? -1 : 1));
  return sorted.map(({ id, name, desired, members, template }) => {
    const active = Object.values(instanceRefreshes).find((refresh) => refresh.groupId === id && isActive(refresh));
    return {
      name,
      region,
      desired,
      inService: members.filter(({ state }) => state === 'InService').length,
      template: `${template.name} ${template.version}`,
      refresh: active === undefined ? '' : `${active.status} ${percentageOf(active)}%`,
    };
  });
}
