/** The sandbox's API in this process, on a free port, with a state of its own: for all that needs no machines. */

import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AutoScaling } from '@aws-sdk/client-auto-scaling';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { watchBalancing } from '../../src/sandbox/cloud/balancing/watch-balancing.ts';
import { CallLog, readCalls } from '../../src/sandbox/cloud/call-log.ts';
import { Cloud } from '../../src/sandbox/cloud/cloud.ts';
import { Injector } from '../../src/sandbox/cloud/injections.ts';
import { createApiServer } from '../../src/sandbox/cloud/server.ts';
import { Store } from '../../src/sandbox/cloud/store.ts';
import { homeAt } from '../../src/sandbox/home.ts';
import { subnetOf } from '../../src/sandbox/subnet.ts';
import { LoopbackAddresses } from './loopback-addresses.ts';
import { ScriptedMachines } from './scripted-machines.ts';

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

export const CREDENTIALS = { accessKeyId: 'AKIASANDBOX000000000', secretAccessKey: 'sandbox' };

export type CloudServer = Awaited<ReturnType<typeof startCloudServer>>;

export async function startCloudServer() {
  const folder = await mkdtemp(join(tmpdir(), 'playbake-cloud-'));
  const home = homeAt(folder);
  const errors: unknown[] = [];
  const machines = new ScriptedMachines();
  const addresses = new LoopbackAddresses();
  const crashes: string[] = [];
  let ahead = 0;
  const clock = () => Date.now() + ahead;
  const start = async () => {
    const store = await Store.open(home.cloudState);
    const cloud = new Cloud({
      ...{ store, home, subnet: subnetOf(15), machines, addresses },
      onError: (_, error) => errors.push(error),
    });
    const injector = await Injector.open(home.injections);
    const server = createApiServer({
      cloud,
      injector,
      log: new CallLog(home.calls),
      crash: () => {
        crashes.push('crash');
        server.closeAllConnections();
      },
      clock,
      manage: async () => false,
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    await cloud.balancing.look();
    const watch = watchBalancing(cloud, 20);
    return {
      cloud,
      injector,
      server,
      watch,
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    };
  };
  let running = await start();
  const end = async () => {
    running.watch.stop();
    await running.cloud.balancing.stop(0);
    running.server.close();
    running.server.closeAllConnections();
  };
  return {
    home,
    machines,
    addresses,
    errors,
    crashes,
    /** Milliseconds since 1970, for actions: what it is, and what `pass` has added. */
    clock,
    /** Lets so many milliseconds pass. */
    pass: (milliseconds: number) => {
      ahead += milliseconds;
    },
    get cloud() {
      return running.cloud;
    },
    /** What is in a region, but for what only the server knows of. */
    resources(region: string): Readonly<Record<string, unknown>> {
      const { clientTokens, ...kinds } = running.cloud.store.state.regions[region] ?? {};
      return kinds;
    },
    get injector() {
      return running.injector;
    },
    get endpoint() {
      return running.endpoint;
    },
    /** An SDK client that does not try again unless told to. */
    ec2: (region = 'us-east-1', maxAttempts = 1) =>
      new EC2Client({ region, endpoint: running.endpoint, credentials: CREDENTIALS, maxAttempts }),
    elb: (region = 'us-east-1') =>
      new ElasticLoadBalancingV2({ region, endpoint: running.endpoint, credentials: CREDENTIALS, maxAttempts: 1 }),
    scaling: (region = 'us-east-1') =>
      new AutoScaling({ region, endpoint: running.endpoint, credentials: CREDENTIALS, maxAttempts: 1 }),
    calls: () => readCalls(home.calls),
    /** Ends the server and starts it anew on the state that it left. */
    restart: async () => {
      await end();
      running = await start();
    },
    stop: async () => {
      await running.cloud.idle();
      await end();
      // A call that was cut off may still write down that it was made.
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The code of the error that a promise of an SDK client is rejected with; `''` when it is not. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return '';
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}
