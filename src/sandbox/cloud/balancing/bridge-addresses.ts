/** Addresses of load balancers on the bridge of the sandbox: they go with it. */

import { attempt, run } from '../../run.ts';
import type { Subnet } from '../../subnet.ts';
import type { Addresses } from './addresses.ts';

export class BridgeAddresses implements Addresses {
  readonly #subnet: Subnet;

  constructor(subnet: Subnet) {
    this.#subnet = subnet;
  }

  readonly raise = async (address: string): Promise<void> => {
    const { bridge, gateway } = this.#subnet;
    await run(['ip', 'addr', 'replace', `${address}/32`, 'dev', bridge]);
    // This machine's own packets to it come from the gateway's address, as those to instances do.
    const route = ['local', address, 'dev', bridge, 'table', 'local', 'proto', 'kernel', 'scope', 'host'];
    await run(['ip', 'route', 'replace', ...route, 'src', gateway]);
  };

  readonly lower = async (address: string): Promise<void> => {
    const { bridge } = this.#subnet;
    // The kernel does not know the route for its own any more; left behind, it would keep packets from an instance there.
    await attempt(['ip', 'route', 'delete', 'local', address, 'dev', bridge, 'table', 'local']);
    await attempt(['ip', 'addr', 'delete', `${address}/32`, 'dev', bridge]);
  };

  readonly all = async (): Promise<readonly string[]> => {
    const { bridge, gateway } = this.#subnet;
    const said = await run(['ip', '-4', '-oneline', 'addr', 'show', 'dev', bridge]);
    const addresses = [...said.matchAll(/ inet ([\d.]+)\/32 /g)].flatMap(([, address]) => address ?? []);
    return addresses.filter((address) => address !== gateway);
  };

  readonly reach = (address: string): string => address;
}
