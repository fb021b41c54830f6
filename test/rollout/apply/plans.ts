/** Plans written by hand, of a fleet of three in one target group. */

import type { FleetConfig } from '../../../src/config/fleet.ts';
import type { Batch, Change, FleetPlan, Stage, Step, Who } from '../../../src/rollout/plan/plan.ts';
import type { Settings } from '../../../src/rollout/settings.ts';
import type { FleetState } from '../../../src/rollout/state/state.ts';
import type { World } from './world.ts';

export const ONE = { id: 'ami-00000000000000001', name: 'app-1' };
export const TWO = { id: 'ami-00000000000000002', name: 'app-2' };

export function fleetOf(change: Partial<FleetConfig> = {}): FleetConfig {
  return {
    ...{ name: 'web', engine: 'ec2', image: 'app', count: 3, instanceType: 't3.micro', tags: { team: 'shop' } },
    ...{ subnets: [], securityGroups: [], volumes: [], targetGroups: ['web'] },
    ...{ key: undefined, iamProfile: undefined, userData: undefined, publicAddress: undefined, ssh: undefined },
    health: {
      ...{ http: undefined, tcp: undefined, command: undefined, verify: undefined, unverified: undefined },
      ...{ grace: 60_000, interval: 10, healthy: 2, unhealthy: 3 },
    },
    strategy: {
      ...{ type: 'rolling', maxSurge: 1, maxUnavailable: 0, canary: 1, pause: 0, checkpoints: [], bakeTime: 0 },
      ...{ checkpointDelay: undefined, autoRollback: true, progressDeadline: 60_000 },
    },
    ...change,
  };
}

export function settingsOf({ subnets, group, region }: World, image: typeof ONE, fleet: FleetConfig): Settings {
  return {
    ...{ imageId: image.id, imageName: image.name, instanceType: 't3.micro', subnetId: subnets[0] ?? '' },
    securityGroupIds: Object.values(region().state.securityGroups)
      .filter(({ name }) => name === 'default')
      .map(({ id }) => id),
    tags: fleet.tags,
    volumes: fleet.volumes,
    targetGroupArns: [group],
  };
}

const DATA = ['stop', 'detach-volumes'] as const;

/** Stages in which a step is done for all slots. */
export function stage(
  what: Exclude<Step['do'], 'restore' | 'pause' | 'checkpoint' | 'bake'>,
  slots: readonly number[],
  who?: Who,
): Stage {
  // As the plan's types have it: those that mean somebody say whom.
  const steps = slots.map((slot) => ({ do: what, slot, ...(who && { who }) }) as Step);
  return { steps };
}

const leaving = (slots: readonly number[], who: Who, after: readonly (typeof DATA)[number][] = []) => [
  stage('deregister', slots, who),
  stage('await-drained', slots, who),
  ...after.map((what) => stage(what, slots, who)),
];

const coming = (slots: readonly number[]) => [
  stage('check', slots),
  stage('register', slots),
  stage('await-in-service', slots),
];

export interface Wanted {
  readonly world: World;
  readonly rollout: string;
  readonly image: typeof ONE;
  readonly fleet?: FleetConfig;
  /** Slots of each batch. */
  readonly batches: readonly (readonly number[])[];
  readonly between?: readonly Step[];
  readonly end?: readonly Step[];
}

/** Instances come and go, batch by batch. With data volumes the old one lets go of them first. */
export function planFor({
  world,
  rollout,
  image,
  fleet = fleetOf(),
  batches,
  between = [],
  end = [],
}: Wanted): FleetPlan {
  const now: FleetState | undefined = world.state().fleets['web'];
  const after = settingsOf(world, image, fleet);
  const hasData = fleet.volumes.length > 0;
  const batchOf = (slots: readonly number[], last: boolean): Batch => {
    const filled = slots.filter((slot) => now?.slots[slot]?.current);
    const pauses = last ? [] : between.map((step) => ({ steps: [step] }));
    const gone = filled.length > 0 ? [stage('terminate', filled, 'old')] : [];
    const go = filled.length > 0 ? leaving(filled, 'old', hasData ? DATA : []) : [];
    const start = [stage('launch', slots), stage('await-running', slots)];
    const stages = hasData
      ? [...start, ...go, stage('attach-volumes', slots), ...coming(slots), ...gone, ...pauses]
      : [...start, ...coming(slots), ...go, ...gone, ...pauses];
    return { kind: 'batch', slots, stages, least: 0, most: 6 };
  };
  const all = batches.map((slots, index) => batchOf(slots, index === batches.length - 1));
  const last: Batch = { kind: 'end', slots: [], stages: [{ steps: end }], least: 0, most: 6 };
  return common(world, rollout, image, fleet, after, end.length > 0 ? [...all, last] : all);
}

/** What is not of the image goes: where an old one is there still it is restored. */
export function planBackTo(world: World, rollout: string, image: typeof ONE, fleet: FleetConfig): FleetPlan {
  const after = settingsOf(world, image, fleet);
  const stages = Object.entries(world.state().fleets['web']?.slots ?? {}).flatMap(
    ([index, { current, deposed }]): Stage[] => {
      const slot = Number(index);
      const back = deposed.find(({ settings }) => settings.imageId === image.id);
      const has = fleet.volumes.length > 0;
      if (current?.settings.imageId === image.id) return deposed.length > 0 ? [stage('terminate', [slot], 'old')] : [];
      const come: Stage =
        back?.id === undefined ? stage('launch', [slot]) : { steps: [{ do: 'restore', slot, id: back.id }] };
      return [
        come,
        stage('await-running', [slot]),
        ...leaving([slot], 'old', has ? DATA : []),
        ...(has ? [stage('attach-volumes', [slot])] : []),
        ...coming([slot]),
        stage('terminate', [slot], 'old'),
      ];
    },
  );
  const batches: Batch[] = [{ kind: 'all', slots: [0, 1, 2], stages, least: 0, most: 6 }];
  return common(world, rollout, image, fleet, after, batches);
}

/** All goes. */
export function planToDestroy(world: World, rollout: string, fleet = fleetOf()): FleetPlan {
  const slots = [0, 1, 2];
  const stages = [...leaving(slots, 'new'), stage('terminate', slots, 'new')];
  const plan = common(world, rollout, ONE, fleet, settingsOf(world, ONE, fleet), [
    { kind: 'all', slots, stages, least: 0, most: 3 },
  ]);
  return {
    ...plan,
    to: undefined,
    changes: plan.changes.map((change) => ({ ...change, action: 'delete', after: undefined })),
  };
}

function common(
  world: World,
  rollout: string,
  image: typeof ONE,
  fleet: FleetConfig,
  after: Settings,
  batches: readonly Batch[],
): FleetPlan {
  const slots = world.state().fleets['web']?.slots ?? {};
  const changes = Array.from({ length: fleet.count }, (_, slot): Change => {
    const current = slots[slot]?.current;
    return {
      ...{ address: `fleet.web[${slot}]`, slot, reason: '', before: current?.settings, after, id: current?.id },
      ...{ action: current ? 'replace' : 'create', deposed: [], attributes: [] },
    };
  });
  return {
    ...{ rollout, fleet, from: undefined, to: image, changes, drift: [], batches, warnings: [] },
    amounts: { count: 3, surge: 1, unavailable: 0, canary: 1 },
    promise: { least: 0, most: 6 },
    targetGroups: [{ arn: world.group, name: 'web', port: 80, drain: 1000 }],
  };
}
