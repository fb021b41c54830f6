/** A cloud in memory with one fleet in it: planned for, and changed by the steps of plans, each as apply would do it. */

import type { FleetConfig, StrategyConfig, VolumeConfig } from '../../../src/config/fleet.ts';
import type { FleetSeen, SeenInstance } from '../../../src/rollout/look/seen.ts';
import type { Goal } from '../../../src/rollout/plan/goal.ts';
import type { FleetPlan, Step } from '../../../src/rollout/plan/plan.ts';
import { planFleet } from '../../../src/rollout/plan/plan-fleet.ts';
import type { Settings } from '../../../src/rollout/settings.ts';
import type { FleetState, InstanceState, Release, SlotState } from '../../../src/rollout/state/state.ts';

export const WEB = 'arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/web/1';

export const STRATEGY: StrategyConfig = {
  ...{ type: 'rolling', maxSurge: 1, maxUnavailable: 0, canary: 1, pause: 0, checkpoints: [], bakeTime: 0 },
  ...{ checkpointDelay: undefined, autoRollback: true, progressDeadline: 900_000 },
};

const VOLUME: VolumeConfig = {
  ...{ device: '/dev/xvdf', size: 10, type: undefined, iops: undefined, throughput: undefined },
  ...{ encrypted: undefined, kmsKey: undefined, snapshot: undefined },
};

export const SUBNETS = [
  { id: 'subnet-a', zone: 'us-east-1a' },
  { id: 'subnet-b', zone: 'us-east-1b' },
];

export function fleetOf(
  count: number,
  more: Partial<FleetConfig> = {},
  strategy: Partial<StrategyConfig> = {},
): FleetConfig {
  return {
    ...{ name: 'web', engine: 'ec2', image: 'app', count, instanceType: undefined, subnets: [], securityGroups: [] },
    ...{ key: undefined, iamProfile: undefined, userData: undefined, publicAddress: undefined, tags: {}, volumes: [] },
    ...{ targetGroups: ['web'], ssh: undefined },
    health: {
      ...{ http: { port: 8080, path: '/', status: [200] }, tcp: undefined, command: undefined, verify: undefined },
      ...{ unverified: undefined, grace: 300_000, interval: 5000, healthy: 2, unhealthy: 3 },
    },
    strategy: { ...STRATEGY, ...strategy },
    ...more,
  };
}

export const withVolumes = { volumes: [VOLUME] };

/** What there is of an instance in the cloud. */
interface Machine {
  seen: SeenInstance;
  /** Registered, and what its target group says. */
  target: string | undefined;
  volumes: Set<string>;
}

export class World {
  fleet: FleetConfig;
  image = { id: 'ami-1', name: 'app-1', architecture: 'x86_64' };
  readonly images = new Map([['ami-1', this.image]]);
  readonly machines = new Map<string, Machine>();
  readonly volumes = new Map<string, string | undefined>();
  slots: Record<string, SlotState> = {};
  good: Release | undefined;
  #made = 0;

  constructor(fleet: FleetConfig) {
    this.fleet = fleet;
  }

  /** All slots have an instance of the first image, in service, which is the good release. */
  static running(fleet: FleetConfig): World {
    const world = new World(fleet);
    world.do(world.plan());
    world.good = world.release();
    return world;
  }

  /** Another image is the newest. */
  bake(id: string): this {
    this.image = { id, name: id.replace('ami', 'app'), architecture: 'x86_64' };
    this.images.set(id, this.image);
    return this;
  }

  copy(): World {
    const other = new World(this.fleet);
    other.image = this.image;
    for (const [id, image] of this.images) other.images.set(id, image);
    for (const [id, { seen, target, volumes }] of this.machines) {
      other.machines.set(id, { seen, target, volumes: new Set(volumes) });
    }
    for (const [id, holder] of this.volumes) other.volumes.set(id, holder);
    other.slots = this.slots;
    other.good = this.good;
    other.#made = this.#made;
    return other;
  }

  release(): Release {
    const settings = this.slot(0).current!.settings;
    const image = { id: settings.imageId, name: settings.imageName };
    return { rollout: 'r-0', began: '', ended: '', outcome: 'good', image, settings };
  }

  state(): FleetState {
    const good = this.good;
    return { engine: 'ec2', region: 'us-east-1', slots: this.slots, history: [], ...(good && { good }) };
  }

  seen(): FleetSeen {
    const hasGroup = this.fleet.targetGroups.length > 0;
    return {
      image: this.image,
      images: this.images,
      instances: new Map([...this.machines].map(([id, { seen }]) => [id, seen])),
      volumes: new Map(
        [...this.volumes].map(([id, instanceId]) => [id, { id, zone: id.split(' ')[1]!, size: 10, instanceId }]),
      ),
      targetGroups: hasGroup ? [{ arn: WEB, name: 'web', port: 8080, drain: 30_000 }] : [],
      targetGroupArns: hasGroup ? [WEB] : [],
      health: new Map(
        hasGroup
          ? [
              [
                WEB,
                new Map(
                  [...this.machines].flatMap(([id, { target }]) =>
                    target === undefined ? [] : [[id, { state: target, reason: '' }] as const],
                  ),
                ),
              ],
            ]
          : [],
      ),
      subnets: SUBNETS,
      securityGroupIds: ['sg-1'],
      warnings: [],
    };
  }

  plan(goal: Goal = { kind: 'config' }): FleetPlan {
    return planFleet({ fleet: this.fleet, goal, state: this.state(), seen: this.seen(), rollout: 'r-1' });
  }

  /** Does a whole plan. @param after called after each step */
  do(plan: FleetPlan, after: () => void = () => {}): void {
    for (const step of stepsOf(plan)) {
      this.step(step, plan);
      after();
    }
  }

  step(step: Step, plan: FleetPlan): void {
    if (!('slot' in step)) return;
    const slot = this.slot(step.slot);
    const put = (
      change: Omit<Partial<SlotState>, 'current'> & { readonly current?: InstanceState | undefined },
    ): void => {
      const { current, ...rest } = { ...slot, ...change };
      this.slots = { ...this.slots, [step.slot]: { ...rest, ...(current && { current }) } };
    };
    const deposed = slot.current ? [...slot.deposed, slot.current] : slot.deposed;
    const current = () => this.#machine(slot.current!.id!);
    const old = step.do === 'forget' ? [] : slot.deposed.map(({ id }) => this.#machine(id!));
    switch (step.do) {
      case 'depose':
        put({ current: undefined, deposed });
        return;
      case 'launch': {
        const settings = plan.changes.find((one) => one.slot === step.slot)!.after!;
        put({ current: this.#launch(settings), deposed });
        return;
      }
      case 'restore': {
        const one = slot.deposed.find(({ id }) => id === step.id)!;
        this.#machine(step.id).seen = { ...this.#machine(step.id).seen, state: 'running' };
        put({ current: one, deposed: deposed.filter(({ id }) => id !== step.id) });
        return;
      }
      case 'register':
        current().target ??= 'initial';
        return;
      case 'await-in-service':
        if (this.fleet.targetGroups.length > 0) {
          if (current().target === undefined) throw new Error(`${step.slot} is not registered`);
          current().target = 'healthy';
        }
        for (const id of Object.values(slot.volumes)) {
          if (this.volumes.get(id) !== slot.current!.id) throw new Error(`${step.slot} serves without ${id}`);
        }
        put({ current: { ...slot.current!, inService: true } });
        return;
      case 'deregister':
        for (const machine of old) machine.target = undefined;
        put({ deposed: slot.deposed.map((one) => ({ ...one, inService: false })) });
        return;
      case 'stop':
        for (const machine of old) machine.seen = { ...machine.seen, state: 'stopped' };
        return;
      case 'detach-volumes':
        for (const [id, holder] of this.volumes) {
          if (slot.deposed.some((one) => one.id === holder)) {
            if (this.#machine(holder!).seen.state === 'running') throw new Error(`${id} is taken from one that runs`);
            this.volumes.set(id, undefined);
          }
        }
        return;
      case 'attach-volumes': {
        const volumes: Record<string, string> = { ...slot.volumes };
        const { settings, id } = slot.current!;
        const zone = SUBNETS.find((one) => one.id === settings.subnetId)!.zone;
        for (const { device } of settings.volumes) {
          const volume = volumes[device] ?? `vol-${this.#next()} ${zone}`;
          volumes[device] = volume;
          const holder = this.volumes.get(volume);
          if (holder !== undefined && holder !== id) throw new Error(`${volume} is attached twice`);
          if (volume.split(' ')[1] !== zone) throw new Error(`${volume} is not in ${zone}`);
          this.volumes.set(volume, id);
        }
        put({ volumes });
        return;
      }
      case 'terminate':
        for (const { id } of slot.deposed) {
          if (this.#machine(id!).target !== undefined) throw new Error(`${id} is terminated while it serves`);
          this.kill(id!);
        }
        put({ deposed: [] });
        return;
      case 'update': {
        const settings = plan.changes.find((one) => one.slot === step.slot)!.after!;
        const { seen } = current();
        current().seen = { ...seen, tags: settings.tags, securityGroupIds: settings.securityGroupIds };
        current().target ??= 'initial';
        put({ current: { ...slot.current!, settings } });
        return;
      }
      case 'forget': {
        const isThere = (one: InstanceState) => one.id !== undefined && this.machines.has(one.id);
        const kept = Object.entries(slot.volumes).filter(([, id]) => this.volumes.has(id));
        put({
          current: slot.current && isThere(slot.current) ? slot.current : undefined,
          deposed: slot.deposed.filter(isThere),
          volumes: Object.fromEntries(kept),
        });
        return;
      }
      default:
        return;
    }
  }

  #launch(settings: Settings): InstanceState {
    const id = `i-${this.#next()}`;
    const { imageId, instanceType, subnetId, securityGroupIds, tags } = settings;
    const seen = {
      id,
      token: `t-${id}`,
      state: 'running',
      imageId,
      instanceType,
      subnetId,
      securityGroupIds,
      tags,
      reason: '',
    };
    this.machines.set(id, { seen, target: undefined, volumes: new Set() });
    return { token: seen.token, id, settings, inService: false };
  }

  #next(): number {
    this.#made += 1;
    return this.#made;
  }

  /** It is gone; its volumes stay. */
  kill(id: string): void {
    this.machines.delete(id);
    for (const [volume, holder] of this.volumes) if (holder === id) this.volumes.set(volume, undefined);
  }

  #machine(id: string): Machine {
    const machine = this.machines.get(id);
    if (!machine) throw new Error(`${id} is not there`);
    return machine;
  }

  slot(index: number): SlotState {
    return this.slots[index] ?? { deposed: [], volumes: {} };
  }

  /** Slots with an instance in service. */
  served(): number {
    const hasGroup = this.fleet.targetGroups.length > 0;
    const serves = (one: InstanceState | undefined) => {
      const machine = one?.id === undefined ? undefined : this.machines.get(one.id);
      return machine?.seen.state === 'running' && (hasGroup ? machine.target === 'healthy' : one?.inService === true);
    };
    return Object.values(this.slots).filter(({ current, deposed }) => [current, ...deposed].some(serves)).length;
  }
}

export function stepsOf({ batches }: FleetPlan): readonly Step[] {
  return batches.flatMap(({ stages }) => stages.flatMap(({ steps }) => steps));
}

/** What a batch does, its slots left out. */
export function stagesOf({ batches }: FleetPlan): readonly string[] {
  return batches.map(({ kind, slots, stages, least, most }) => {
    const said = stages.map(({ steps }) => [...new Set(steps.map((step) => step.do))].join('/')).join(' ');
    return `${kind} ${slots.join(',')} (${least}..${most}): ${said}`;
  });
}
