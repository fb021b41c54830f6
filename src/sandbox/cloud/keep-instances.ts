/** All that goes on around instances while the server runs. */

import type { Cloud } from './cloud.ts';
import { applyFirewall } from './firewall.ts';
import { serveMetadata } from './metadata-server.ts';
import { recoverInstances } from './recover-instances.ts';
import { type WatchOptions, watchInstances } from './watch-instances.ts';

export interface Kept {
  /** Instances go on running. */
  readonly stop: () => Promise<void>;
}

/** Takes up where the last server ended, whatever way it did. The network must be up. */
export async function keepInstances(cloud: Cloud, options: WatchOptions = {}): Promise<Kept> {
  await applyFirewall(cloud);
  const metadata = await serveMetadata(cloud);
  await recoverInstances(cloud);
  const watch = watchInstances(cloud, options);
  return {
    stop: async () => {
      watch.stop();
      await cloud.idle();
      await metadata.stop();
    },
  };
}
