/** The cloud at a home, with everything that it stands on: what the server of a sandbox begins with. */

import { exclusively, type FoundationOptions, raise } from '../foundation.ts';
import type { Home } from '../home.ts';
import { BridgeAddresses } from './balancing/bridge-addresses.ts';
import { seedBaseImages } from './base-images.ts';
import { Cloud } from './cloud.ts';
import { applyFirewall } from './firewall.ts';
import { NspawnMachines } from './nspawn-machines.ts';
import { recoverInstances } from './recover-instances.ts';
import { settleImages } from './settle-images.ts';
import { Store } from './store.ts';

export interface OpenOptions extends FoundationOptions {
  /** Called with errors of background work that no client can be told of. */
  readonly onError: (title: string, error: unknown) => void;
}

/** Raises the network, makes the base image where it is not there, and brings the state and the machines together. */
export async function openCloud(home: Home, options: OpenOptions): Promise<Cloud> {
  return exclusively(home, options, async (subnet) => {
    const pristine = await raise(home, subnet, options);
    const store = await Store.open(home.cloudState);
    const machines = new NspawnMachines({ home, subnet, hosts: pristine.hosts });
    const addresses = new BridgeAddresses(subnet);
    const cloud = new Cloud({ store, home, subnet, machines, addresses, onError: options.onError });
    seedBaseImages(cloud, pristine);
    await settleImages(cloud);
    await applyFirewall(cloud);
    await recoverInstances(cloud);
    await cloud.balancing.look();
    await store.flush();
    return cloud;
  });
}
