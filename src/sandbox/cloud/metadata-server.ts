/** Instance metadata on the network: http://169.254.169.254 in each instance leads to a server on the gateway's address. */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { attempt, run } from '../run.ts';
import { anyLinkOf, metadataTableOf, type Subnet } from '../subnet.ts';
import type { Cloud } from './cloud.ts';
import { exists } from './instance-record.ts';
import { metadataAnswer } from './metadata-answer.ts';
import { MetadataTokens } from './metadata-token.ts';
import type { Told } from './metadata-tree.ts';

export interface MetadataServer {
  readonly stop: () => Promise<void>;
}

/** The gateway's address must be there. An instance is known by the address that it asks from. */
export async function serveMetadata(cloud: Cloud): Promise<MetadataServer> {
  const { subnet } = cloud;
  const tokens = await MetadataTokens.open(cloud.home.metadataSecret);
  const server = createServer((message, response) => {
    const told = askedBy(cloud, message);
    if (told === undefined) return response.destroy();
    const { method = '', url: path = '/', headers } = message;
    const answer = metadataAnswer(told, tokens, { method, path, headers });
    response.writeHead(answer.status, { 'Content-Type': 'text/plain', Server: 'EC2ws', ...answer.headers });
    return response.end(answer.body);
  });
  server.listen(0, subnet.gateway);
  await once(server, 'listening');
  await run(['nft', '-f', '-'], { input: metadataRules(subnet, portOf(server)) });
  return {
    stop: async () => {
      await attempt(['nft', 'delete', 'table', 'ip', metadataTableOf(subnet)]);
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A table of its own, replaced whole; `port` is where the server listens on the gateway's address. */
export function metadataRules(subnet: Subnet, port: number): string {
  const table = metadataTableOf(subnet);
  return `table ip ${table} {}
delete table ip ${table}
table ip ${table} {
  chain incoming {
    type nat hook prerouting priority dstnat; policy accept;
    iifname "${anyLinkOf(subnet)}" ip daddr 169.254.169.254 tcp dport 80 dnat to ${subnet.gateway}:${port}
  }
}
`;
}

function askedBy({ store, subnet }: Cloud, { socket }: IncomingMessage): Told | undefined {
  const { state } = store;
  for (const [region, { instances }] of Object.entries(state.regions)) {
    for (const instance of Object.values(instances)) {
      if (instance.address === socket.remoteAddress && exists(instance)) return { instance, region, state, subnet };
    }
  }
  return undefined;
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
