/** Where a sandbox keeps what it must remember: its home. */

import { join, resolve } from 'node:path';
import { env } from 'node:process';

export const DEFAULT_HOME = '/var/lib/playbake/sandbox';

export interface Home {
  readonly root: string;
  readonly lock: string;
  /** The number of the subnet that this sandbox has, so that addresses stay what they were. */
  readonly index: string;
  /** The private key that opens every machine; its public half is beside it. */
  readonly key: string;
  readonly knownHosts: string;
  readonly inventory: string;
  /** Root file systems of plain Debian, one folder for each recipe. */
  readonly bases: string;
  /** Layers over a base: how this machine reaches mirrors, proxies and name servers. */
  readonly settings: string;
  readonly machines: string;
  /** The machines of the cloud's instances, one folder for each id. */
  readonly instances: string;
  /** The API server's folder: what it remembers, the calls that it answered, and what it was told to do wrong. */
  /** The folder of the API server: what it remembers, the calls that it answered, and what it was told to do wrong. */
  readonly cloud: string;
  readonly cloudState: string;
  readonly calls: string;
  readonly injections: string;
  /** What signs the tokens of instance metadata. */
  readonly metadataSecret: string;
  /** Where the API server listens; there while it runs. */
  readonly server: string;
  readonly serverLog: string;
  /** Held by the server while it runs, and by whoever starts it. */
  readonly serverLock: string;
  readonly startLock: string;
  /** What snapshots hold, a folder each. */
  readonly layers: string;
  /** What data volumes hold, a folder each. */
  readonly volumes: string;
}

/** `path` defaults to $PLAYBAKE_SANDBOX, then to /var/lib/playbake/sandbox. */
export function homeAt(path: string = env['PLAYBAKE_SANDBOX'] || DEFAULT_HOME): Home {
  const root = resolve(path);
  return {
    root,
    lock: join(root, 'lock'),
    index: join(root, 'index'),
    key: join(root, 'id_ed25519'),
    knownHosts: join(root, 'known_hosts'),
    inventory: join(root, 'ec2_instances.ini'),
    bases: join(root, 'base'),
    settings: join(root, 'settings'),
    machines: join(root, 'machines'),
    instances: join(root, 'instances'),
    cloud: join(root, 'cloud'),
    cloudState: join(root, 'cloud/state.json'),
    calls: join(root, 'cloud/calls.jsonl'),
    injections: join(root, 'cloud/injections.json'),
    metadataSecret: join(root, 'cloud/metadata-secret'),
    server: join(root, 'cloud/server.json'),
    serverLog: join(root, 'cloud/server.log'),
    serverLock: join(root, 'cloud/server.lock'),
    startLock: join(root, 'cloud/start.lock'),
    layers: join(root, 'layers'),
    volumes: join(root, 'volumes'),
  };
}
