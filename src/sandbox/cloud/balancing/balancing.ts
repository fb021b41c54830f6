/** Keeps sockets, addresses and health checks as the records of load balancers promise: the records change first. */

import type { Cloud } from '../cloud.ts';
import { exists } from '../instance-record.ts';
import type { RegionState } from '../state.ts';
import type { Addresses } from './addresses.ts';
import {
  type ListenerRecord,
  type LoadBalancerRecord,
  type TargetGroupRecord,
  type TargetRecord,
  targetKey,
} from './balancing-records.ts';
import { type Front, type FrontOptions, placeOf } from './front.ts';
import { balancersOf } from './group-users.ts';
import { type Checked, HealthChecks } from './health-checks.ts';
import { openHttpFront } from './http-front.ts';
import { candidatesOf, settingOf } from './target-choice.ts';
import { healthOf, isInUse } from './target-health.ts';
import { openTcpFront } from './tcp-front.ts';
import { Traffic } from './traffic.ts';

interface Open {
  readonly front: Front | undefined;
  /** Why it does not listen, and when that was found. */
  readonly failure?: string;
  readonly since: number;
}

/** Milliseconds after which what did not come about is tried again. */
const RETRY = 5000;

export class Balancing {
  readonly #cloud: Cloud;
  readonly #addresses: Addresses;
  readonly #traffic = new Traffic();
  readonly #checks = new HealthChecks();
  /** By what must be the same for a socket to stay: region, listener, address, port and protocol. */
  readonly #open = new Map<string, Open>();
  #raised: Set<string> | undefined;
  /** The load balancers whose address this process has raised, or could not raise. */
  readonly #tried = new Set<string>();
  #looking: Promise<void> = Promise.resolve();
  #isOver = false;

  constructor(cloud: Cloud, addresses: Addresses) {
    this.#cloud = cloud;
    this.#addresses = addresses;
  }

  /** Brings everything to what the records say now; resolves when it is so. */
  look(): Promise<void> {
    this.#looking = this.#looking.then(() => (this.#isOver ? undefined : this.#look()));
    return this.#looking;
  }

  /** Does so after the answer to a call. */
  lookSoon(): void {
    this.#cloud.later('load balancers', () => this.look());
  }

  /** Where clients on this machine find an address of a load balancer. */
  reach(address: string): string {
    return this.#addresses.reach(address);
  }

  /** Why a listener does not listen; undefined for one that does. */
  failureOf(listener: string): string | undefined {
    return [...this.#open].find(([key]) => key.split(' ')[1] === listener)?.[1].failure;
  }

  /** Ends it all; requests that are under way have `patience` milliseconds. The addresses stay. */
  async stop(patience: number): Promise<void> {
    this.#isOver = true;
    await this.#looking;
    this.#checks.follow([]);
    await Promise.all([...this.#open.values()].map(({ front }) => front?.close(patience)));
    this.#open.clear();
    this.#traffic.keep([]);
  }

  async #look(): Promise<void> {
    const { store } = this.#cloud;
    const regions = () => Object.entries(store.state.regions);
    for (const [name, region] of regions()) {
      for (const balancer of Object.values(region.loadBalancers)) await this.#raise(name, balancer);
    }
    await this.#openFronts(regions());
    await this.#lower(regions().flatMap(([, region]) => Object.values(region.loadBalancers)));
    for (const [name, region] of regions()) this.#release(name, region);
    this.#follow(regions());
  }

  /** One that could not be raised has failed, and is not tried again before the server is started anew. */
  async #raise(region: string, { id, address, state }: LoadBalancerRecord): Promise<void> {
    this.#raised ??= new Set(await this.#addresses.all());
    if (this.#tried.has(id) && state !== 'provisioning') return;
    this.#tried.add(id);
    // An address that no record on disk knows of would be nobody's after a crash.
    await this.#cloud.store.flush();
    const failure = await this.#addresses.raise(address).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    this.#raised.add(address);
    this.#cloud.region(region).change('loadBalancers', id, ({ reason: _, ...balancer }) => {
      return failure === undefined
        ? { ...balancer, state: 'active' }
        : { ...balancer, state: 'failed', reason: failure };
    });
  }

  async #lower(balancers: readonly LoadBalancerRecord[]): Promise<void> {
    const wanted = new Set(balancers.map(({ address }) => address));
    for (const address of [...(this.#raised ?? [])].filter((one) => !wanted.has(one))) {
      await this.#addresses.lower(address);
      this.#raised?.delete(address);
    }
  }

  async #openFronts(regions: readonly (readonly [string, RegionState])[]): Promise<void> {
    const wanted = new Map<string, FrontOptions & { readonly protocol: ListenerRecord['protocol'] }>();
    const shared = { cloud: this.#cloud, addresses: this.#addresses, traffic: this.#traffic };
    for (const [name, region] of regions) {
      for (const { id, balancer, port, protocol } of Object.values(region.listeners)) {
        const { address } = region.loadBalancers[balancer] ?? {};
        if (address === undefined) continue;
        const key = [name, id, address, port, protocol].join(' ');
        wanted.set(key, { ...shared, region: name, balancer, listener: id, protocol });
      }
    }
    for (const [key, { front, failure, since }] of this.#open) {
      if (wanted.has(key) && (failure === undefined || Date.now() - since < RETRY)) continue;
      this.#open.delete(key);
      await front?.close(0);
    }
    for (const [key, options] of wanted) if (!this.#open.has(key)) this.#open.set(key, await opened(options));
  }

  /** Lets targets go whose delay is over, and those whose instance has ended. */
  #release(name: string, region: RegionState): void {
    const now = Date.now();
    for (const group of Object.values(region.targetGroups)) {
      this.#forgetUnused(name, region, group);
      const gone = group.targets.filter((target) => isGone(region, group, target, now));
      if (cutsUnhealthy(group)) {
        const served = new Set(candidatesOf(region, group));
        const left = group.targets.filter((target) => target.health === 'unhealthy' && !served.has(target));
        for (const target of left) this.#traffic.cut(group.id, target);
      }
      if (gone.length === 0) continue;
      const keys = new Set(gone.map(targetKey));
      this.#cloud.region(name).change('targetGroups', group.id, (record) => ({
        ...record,
        // One that was registered anew meanwhile stays.
        targets: record.targets.filter(
          (target) => !keys.has(targetKey(target)) || !isGone(region, record, target, now),
        ),
      }));
      if (cutsDrained(group)) for (const target of gone) this.#traffic.cut(group.id, target);
    }
  }

  /** What was found of a target says nothing of it when it comes into use again. */
  #forgetUnused(name: string, region: RegionState, group: TargetGroupRecord): void {
    const isStale = (target: TargetRecord) =>
      target.health !== 'initial' && healthOf(region, group, target).state === 'unused';
    if (!group.targets.some(isStale)) return;
    this.#cloud.region(name).change('targetGroups', group.id, (record) => ({
      ...record,
      targets: record.targets.map((target) => {
        if (!isStale(target)) return target;
        const { reason: _, healthySince: __, ...kept } = target;
        return { ...kept, health: 'initial' };
      }),
    }));
  }

  #follow(regions: readonly (readonly [string, RegionState])[]): void {
    const checked: Checked[] = [];
    const inUse: [string, TargetRecord][] = [];
    for (const [name, region] of regions) {
      for (const group of Object.values(region.targetGroups)) {
        for (const target of group.targets) {
          if (!isInUse(healthOf(region, group, target))) continue;
          inUse.push([group.id, target]);
          checked.push(this.#checked(name, region, group, target));
        }
      }
    }
    this.#traffic.keep(inUse);
    this.#checks.follow(checked);
  }

  #checked(name: string, region: RegionState, group: TargetGroupRecord, target: TargetRecord): Checked {
    const { check } = group;
    const own = placeOf({ addresses: this.#addresses }, region, group, target);
    const port = check.port === 'traffic-port' ? own.port : Number(check.port);
    const balancer = region.loadBalancers[balancersOf(region, group.id)[0] ?? '']?.address ?? '';
    const place = { host: own.host, port, localAddress: this.#addresses.reach(balancer) };
    const isSame = (other: TargetRecord) =>
      targetKey(other) === targetKey(target) && other.registeredAt === target.registeredAt;
    const cloud = this.#cloud;
    return {
      key: JSON.stringify([name, group.id, targetKey(target), target.registeredAt, check, place]),
      check,
      place,
      target: () => cloud.region(name).state.targetGroups[group.id]?.targets.find(isSame),
      record: (change) => {
        cloud.region(name).change('targetGroups', group.id, (record) => ({
          ...record,
          targets: record.targets.map((other) => (isSame(other) ? change(other) : other)),
        }));
        cloud.later('health of targets', () => cloud.store.flush());
      },
    };
  }
}

async function opened(options: FrontOptions & { readonly protocol: ListenerRecord['protocol'] }): Promise<Open> {
  const since = Date.now();
  try {
    return { front: await (options.protocol === 'HTTP' ? openHttpFront(options) : openTcpFront(options)), since };
  } catch (error) {
    return { front: undefined, since, failure: error instanceof Error ? error.message : String(error) };
  }
}

function isGone(region: RegionState, { targetType }: TargetGroupRecord, target: TargetRecord, now: number): boolean {
  if (target.drainsUntil !== undefined && target.drainsUntil <= now) return true;
  const instance = region.instances[target.id];
  return targetType === 'instance' && (instance === undefined || !exists(instance));
}

/** A network load balancer leaves the connections to a target that was deregistered alone, unless told otherwise. */
function cutsDrained(group: TargetGroupRecord): boolean {
  return (
    group.protocol === 'HTTP' || settingOf(group, 'deregistration_delay.connection_termination.enabled') === 'true'
  );
}

function cutsUnhealthy(group: TargetGroupRecord): boolean {
  return (
    group.protocol === 'TCP' &&
    settingOf(group, 'target_health_state.unhealthy.connection_termination.enabled') === 'true'
  );
}
