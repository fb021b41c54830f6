/** A cloud in this process with a load balancer's target group, and rollouts in it whose process can be killed. */

import { randomUUID } from 'node:crypto';
import type { Cloud } from '../../../src/cloud/cloud.ts';
import { openCloud } from '../../../src/cloud/open-cloud.ts';
import { Ledger } from '../../../src/rollout/apply/ledger.ts';
import { type PlanBack, type RolloutResult, runRollout } from '../../../src/rollout/apply/run-rollout.ts';
import type { RolloutEvent } from '../../../src/rollout/events.ts';
import type { FleetPlan } from '../../../src/rollout/plan/plan.ts';
import { STATE_VERSION, type State } from '../../../src/rollout/state/state.ts';
import type { ListenerRecord } from '../../../src/sandbox/cloud/balancing/balancing-records.ts';
import { startBalancedCloud } from '../../support/balanced-cloud.ts';
import { CREDENTIALS } from '../../support/cloud-server.ts';

export const REGION = 'us-east-1';

/** What a killed process throws: it is no Fault, so nothing of playbake answers to it. */
export class Killed extends Error {}

export interface ApplyOptions {
  readonly plan?: FleetPlan;
  readonly direction?: 'back';
  readonly planBack?: PlanBack;
  readonly signal?: AbortSignal;
  /** Kills the process at its n-th write of the state, from 1: before or after that. */
  readonly kill?: { readonly write: number; readonly when: 'before' | 'after' };
  readonly onEvent?: (event: RolloutEvent) => void;
}

export type World = Awaited<ReturnType<typeof startWorld>>;

export async function startWorld() {
  const balanced = await startBalancedCloud();
  const { server } = balanced;
  const here = () => server.cloud.region(REGION);
  const [base] = Object.values(here().state.images);
  if (!base) throw new Error('there is no image');
  for (const id of ['ami-00000000000000001', 'ami-00000000000000002']) {
    const image = { ...base, id, name: `app-${id.slice(-1)}` };
    here().update((region) => ({ ...region, images: { ...region.images, [id]: image } }));
  }
  const group = await balanced.group();
  // The balancer is played by `pulse` below: it needs no ports, and takes no time.
  await server.cloud.balancing.stop(0);
  const balancer = await balanced.balancer();
  const listener: ListenerRecord = {
    ...{ id: `${balancer}/listener`, tags: {}, createdAt: 0, balancer, port: 80, protocol: 'HTTP', attributes: {} },
    actions: [{ type: 'forward', groups: [{ group, weight: 1 }] }],
  };
  here().update((region) => ({ ...region, listeners: { [listener.id]: listener } }));
  /** Images whose instances the load balancer never finds healthy. */
  const sick = new Set<string>();
  /** The fewest that were in service since `watch`. */
  let least = Number.POSITIVE_INFINITY;
  const beat = setInterval(() => pulse(), 5);

  /** What a load balancer does: new targets are healthy after a moment, unless they are sick; those that leave are gone. */
  function pulse(): void {
    const { targetGroups, instances } = here().state;
    for (const { id, targets } of Object.values(targetGroups)) {
      const next = targets.flatMap((target) => {
        if (target.drainsUntil !== undefined) return [];
        const instance = instances[target.id];
        const isWell = instance?.state === 'running' && !sick.has(instance.imageId) && !sick.has(instance.id);
        const health = isWell ? ('healthy' as const) : ('unhealthy' as const);
        return [health === target.health ? target : { ...target, health }];
      });
      if (next.length !== targets.length || next.some((target, index) => target !== targets[index])) {
        here().change('targetGroups', id, (record) => ({ ...record, targets: next }));
      }
    }
    least = Math.min(least, serving().length);
  }

  const serving = () =>
    (here().state.targetGroups[group]?.targets ?? [])
      .filter(({ drainsUntil, health }) => drainsUntil === undefined && health === 'healthy')
      .map(({ id }) => id);

  const open = (): Promise<Cloud> =>
    openCloud({ kind: 'sandbox', why: 'a test', region: REGION, endpoint: server.endpoint, credentials: CREDENTIALS });

  let state: State = { version: STATE_VERSION, lineage: randomUUID(), serial: 1, playbake: '0', fleets: {} };
  const events: RolloutEvent[] = [];

  return {
    ...balanced,
    group,
    sick,
    events,
    state: () => state,
    setState: (next: State) => {
      state = next;
    },
    /** Instances that run or are about to, and the targets that get requests. */
    running: () =>
      Object.values(here().state.instances).filter(({ state: now }) => now === 'running' || now === 'pending'),
    serving,
    watch: () => {
      least = Number.POSITIVE_INFINITY;
    },
    least: () => least,
    targets: () => here().state.targetGroups[group]?.targets ?? [],
    volumes: () => Object.values(here().state.volumes).filter(({ state: now }) => now !== 'deleting'),
    region: here,
    /** A process of its own that does a plan, or goes on with what stands in the state. Writes are counted. */
    async apply({
      plan,
      direction,
      planBack,
      signal,
      kill,
      onEvent,
    }: ApplyOptions = {}): Promise<RolloutResult & { writes: number }> {
      const cloud = await open();
      let writes = 0;
      const keep = async (next: State) => {
        writes += 1;
        if (kill && writes > kill.write) throw new Killed();
        if (kill?.write === writes && kill.when === 'before') throw new Killed();
        if (next.serial !== state.serial + 1) throw new Error(`serial ${next.serial} after ${state.serial}`);
        // As a file has it.
        state = JSON.parse(JSON.stringify(next));
        if (kill?.write === writes) throw new Killed();
      };
      events.length = 0;
      try {
        const result = await runRollout({
          cloud,
          ledger: new Ledger(state, keep),
          plan,
          ...(direction && { direction }),
          fleet: 'web',
          planBack: planBack ?? (() => Promise.reject(new Error('no way back was expected'))),
          directory: '/nonexistent',
          verify: { inventory: [], extraVars: [] },
          emit: (event) => {
            events.push(event);
            onEvent?.(event);
          },
          signal: signal ?? new AbortController().signal,
        });
        return { ...result, writes };
      } finally {
        cloud.close();
      }
    },
    async stop() {
      clearInterval(beat);
      await balanced.stop();
    },
  };
}
