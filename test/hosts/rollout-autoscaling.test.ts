import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { Cloud } from '../../src/cloud/cloud.ts';
import { openCloud } from '../../src/cloud/open-cloud.ts';
import type { FleetConfig } from '../../src/config/fleet.ts';
import { Ledger } from '../../src/rollout/apply/ledger.ts';
import { runRollout } from '../../src/rollout/apply/run-rollout.ts';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import { look } from '../../src/rollout/look/look.ts';
import type { Goal } from '../../src/rollout/plan/goal.ts';
import { planOf } from '../../src/rollout/plan/plan-of.ts';
import { STATE_VERSION, type State } from '../../src/rollout/state/state.ts';
import { namesIn } from '../../src/sandbox/files.ts';
import { homeAt } from '../../src/sandbox/home.ts';
import { fleetOf } from '../rollout/apply/plans.ts';
import { CREDENTIALS } from '../support/cloud-server.ts';
import { type OwnSandbox, ownSandbox } from '../support/own-sandbox.ts';
import { type ServedCloud, serveCloud } from '../support/served-cloud.ts';
import { servingScript, type WebBalancer, webBalancer } from '../support/web-balancer.ts';

/** A fleet of real machines in an Auto Scaling group, behind a real load balancer. */
describe('rollout: engine autoscaling on real machines', function () {
  this.timeout(600_000);
  let own: OwnSandbox;
  let served: ServedCloud;
  let web: WebBalancer;
  let state: State = { version: STATE_VERSION, lineage: randomUUID(), serial: 1, playbake: '0', fleets: {} };

  before(async () => {
    own = await ownSandbox(1);
    served = await serveCloud(own.home);
    web = await webBalancer(served);
  });
  after(async () => {
    await served.stop();
    await own.sandbox.down({ purge: true });
  });

  /** A fleet of two that serves a text. */
  function fleet(text: string | undefined): FleetConfig {
    const { health, strategy } = fleetOf();
    return fleetOf({
      ...{ engine: 'autoscaling', image: web.imageId, count: 2, subnets: web.subnets, userData: servingScript(text) },
      securityGroups: [web.securityGroupId],
      health: { ...health, grace: 60_000, interval: 500, healthy: 2 },
      strategy: { ...strategy, progressDeadline: 20_000 },
    });
  }

  const open = (): Promise<Cloud> =>
    openCloud({
      ...{ kind: 'sandbox', why: 'a test', region: 'us-east-1' },
      ...{ endpoint: served.endpoint, credentials: CREDENTIALS },
    });

  async function plan(wanted: FleetConfig, goal: Goal = { kind: 'config' }) {
    const cloud = await open();
    try {
      const fleets = [{ fleet: wanted, goal }];
      const seen = await look({ cloud, fleets, state });
      return planOf({ fleets, state, seen, now: new Date() }).fleets[0];
    } finally {
      cloud.close();
    }
  }

  interface Doing {
    /** Undefined: goes on with what stands in the state. */
    readonly goal: Goal | undefined;
    readonly onEvent?: (event: RolloutEvent) => void;
  }

  async function roll(wanted: FleetConfig, { goal, onEvent }: Doing = { goal: { kind: 'config' } }) {
    const cloud = await open();
    try {
      return await runRollout({
        cloud,
        ledger: new Ledger(state, async (next) => {
          state = structuredClone(next);
        }),
        plan: goal && (await plan(wanted, goal)),
        fleet: 'web',
        planBack: async (_, release) => {
          const back = await plan(wanted, { kind: 'release', release });
          if (back === undefined) throw new Error('there is no way back');
          return back;
        },
        directory: own.home,
        verify: { inventory: [], extraVars: [] },
        emit: (event) => onEvent?.(event),
        signal: new AbortController().signal,
      });
    } finally {
      cloud.close();
    }
  }

  /** Does something while pages are asked for, all the time; answers with what they said. */
  async function serving(work: () => Promise<void>): Promise<ReadonlySet<string>> {
    const pages = new Set<string>();
    let goesOn = true;
    const asking = (async () => {
      for (; goesOn; await sleep(50)) pages.add(await web.page());
    })();
    try {
      await work();
    } finally {
      goesOn = false;
      await asking;
    }
    return pages;
  }

  it('makes the fleet, and then there is nothing to do', async () => {
    expect((await roll(fleet('one'))).outcome).to.equal('good');
    expect(await web.page()).to.equal('one');
    expect((await plan(fleet('one')))?.batches).to.deep.equal([]);
  });

  it('brings another release without a gap, although the rollout is killed', async () => {
    const kill = (event: RolloutEvent) => {
      if (event.type === 'step-end' && event.about.step.do === 'launch') throw new Error('killed');
    };
    const pages = await serving(async () => {
      const ended = await roll(fleet('two'), { goal: { kind: 'config' }, onEvent: kill }).then(
        () => 'ended',
        () => 'killed',
      );
      expect(ended).to.equal('killed');
      expect((await roll(fleet('two'), { goal: undefined })).outcome).to.equal('good');
    });
    expect([...pages].sort()).to.deep.equal(['one', 'two']);
    expect(await web.page()).to.equal('two');
    expect((await plan(fleet('two')))?.batches).to.deep.equal([]);
  });

  it('goes back by itself from a release that does not serve, without a gap', async () => {
    const pages = await serving(async () => {
      expect((await roll(fleet(undefined))).outcome).to.equal('rolled-back');
    });
    expect([...pages]).to.deep.equal(['two']);
    expect((await plan(fleet('two')))?.batches).to.deep.equal([]);
  });

  it('leaves nothing when the fleet is destroyed', async () => {
    const { outcome, counts } = await roll(fleet('two'), { goal: { kind: 'destroy' } });
    expect({ outcome, destroyed: counts.destroyed }).to.deep.equal({ outcome: 'destroyed', destroyed: 2 });
    expect(await namesIn(homeAt(own.home).instances)).to.deep.equal([]);
  });
});
