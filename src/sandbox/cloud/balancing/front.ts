/** What a listener is in this process: a socket that listens, and what it needs to know for each connection. */

import type { Server } from 'node:net';
import type { Cloud } from '../cloud.ts';
import type { RegionState } from '../state.ts';
import type { Addresses } from './addresses.ts';
import type { ListenerRecord, LoadBalancerRecord, TargetGroupRecord, TargetRecord } from './balancing-records.ts';
import type { Traffic } from './traffic.ts';

export interface FrontOptions {
  readonly cloud: Cloud;
  readonly addresses: Addresses;
  readonly traffic: Traffic;
  readonly region: string;
  /** ARNs. */
  readonly balancer: string;
  readonly listener: string;
}

/** The records as they are when they are asked for: nothing of them is kept here. */
export interface Now {
  readonly region: RegionState;
  readonly balancer: LoadBalancerRecord;
  readonly listener: ListenerRecord;
}

/** Undefined when the listener has just gone. */
export function now({ cloud, region: name, balancer: arn, listener: id }: FrontOptions): Now | undefined {
  const region = cloud.store.state.regions[name];
  const balancer = region?.loadBalancers[arn];
  const listener = region?.listeners[id];
  return region && balancer && listener ? { region, balancer, listener } : undefined;
}

/** Where a target is. */
export function placeOf(
  { addresses }: Pick<FrontOptions, 'addresses'>,
  region: RegionState,
  { targetType }: TargetGroupRecord,
  target: TargetRecord,
): { readonly host: string; readonly port: number } {
  const address = targetType === 'ip' ? target.id : region.instances[target.id]?.address;
  if (address === undefined) throw new Error(`the target ${target.id} is no instance`);
  return { host: addresses.reach(address), port: target.port };
}

/** Throws when somebody else has the port. */
export function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: 1024 }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

export interface Front {
  /** Takes no more connections; resolves when none is left, or after `patience` milliseconds, when the rest is cut. */
  readonly close: (patience: number) => Promise<void>;
}
