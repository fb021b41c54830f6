/** The sandbox's API in this process, with a load balancer and images, and a directory with a playbake.yml. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCloud } from '../../../src/cloud/open-cloud.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import { ensureBalancer } from '../../../src/sandbox/balancer.ts';
import { ACCOUNT } from '../../../src/sandbox/cloud/state.ts';
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
    image: (digit: string, tags: Readonly<Record<string, string>> = {}) => putImage(server, digit, tags),
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

function putImage(server: CloudServer, digit: string, tags: Readonly<Record<string, string>>): string {
  const [id, snapshotId] = [`ami-${digit.repeat(17)}`, `snap-${digit.repeat(17)}`];
  const region = server.cloud.region('us-east-1');
  const common = { createdAt: Date.UTC(2026, 10, Number.parseInt(digit, 16) + 1), owner: ACCOUNT };
  const disk = { size: 8, encrypted: false };
  region.put('snapshots', {
    ...{ ...common, ...disk, id: snapshotId, tags: {}, state: 'completed', description: '', volumeId: 'vol-1' },
    ...{ createPermissions: [], layers: [] },
  });
  region.put('images', {
    ...{ ...common, id, name: `app-${digit}`, description: '', state: 'available', architecture: 'x86_64' },
    ...{ rootDevice: '/dev/xvda', launchPermissions: [], protection: 'disabled', disabled: false },
    devices: [{ ...disk, device: '/dev/xvda', snapshotId, type: 'gp3', deleteOnTermination: true }],
    tags: { 'playbake:image': 'app', 'playbake:run': `run-${digit}`, 'playbake:state': 'good', ...tags },
  });
  return id;
}
