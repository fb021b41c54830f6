/** What there is in a sandbox's cloud, whether its server runs or not. */

import type { Home } from '../home.ts';
import { exists } from './instance-record.ts';
import { runningServer } from './server-client.ts';
import { ACCOUNT } from './state.ts';
import { Store } from './store.ts';

export interface CloudStatus {
  /** Where calls are answered; undefined when the server does not run. */
  readonly endpoint: string | undefined;
  /** All but the terminated, the oldest first. */
  readonly instances: readonly InstanceStatus[];
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

export async function cloudStatus(home: Home): Promise<CloudStatus> {
  const { regions } = (await Store.open(home.cloudState)).state;
  const all = Object.entries(regions);
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
  return { endpoint: await runningServer(home), instances, images: images.length };
}
