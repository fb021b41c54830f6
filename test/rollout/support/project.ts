/** The sandbox's API in this process, with a load balancer and images, and a directory with a playbake.yml. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCloud } from '../../../src/cloud/open-cloud.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import { ensureBalancer } from '../../../src/sandbox/balancer.ts';
import { bakedImage } from '../../support/baked-image.ts';
import { type CloudServer, CREDENTIALS, startCloudServer } from '../../support/cloud-server.ts';

export type Project = Awaited<ReturnType<typeof startProject>>;

export async function startProject(directory: string) {
  const server: CloudServer = await startCloudServer();
  const cloud = await openCloud({
    ...{ kind: 'sandbox', why: 'test', region: 'us-east-1', endpoint: server.endpoint, credentials: CREDENTIALS },
  });
  const key = join(directory, 'key.pub');
  writeFileSync(key, 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl test\n');
  return {
    server,
    cloud,
    /** A load balancer and what belongs to it. */
    balancer: () => ensureBalancer(cloud, { name: 'web', listen: 8000, port: 8080, path: '/', publicKey: key }),
    /** An image as a bake leaves it; further tags win. */
    image: (digit: string, tags: Readonly<Record<string, string>> = {}) => bakedImage(server, { digit, tags }),
    config: (text: string) => {
      writeFileSync(join(directory, 'playbake.yml'), `endpoint: ${server.endpoint}\n${text}`);
      return loadConfig({ directory });
    },
    stop: () => {
      cloud.close();
      return server.stop();
    },
  };
}
