import { expect } from 'chai';
import { Fault } from '../../../src/fault.ts';
import type { FleetPlan } from '../../../src/rollout/plan/plan.ts';
import { rolloutId } from '../../../src/rollout/plan/plan-of.ts';
import { fleetOf, stagesOf, World, withVolumes } from '../support/world.ts';

const SERVE = 'launch await-running check register await-in-service';
const LEAVE = 'deregister await-drained terminate';

const actions = ({ changes }: FleetPlan) => changes.map(({ action }) => action).join(' ');
const reasons = ({ changes }: FleetPlan) => changes.map(({ reason }) => reason);

/** The Fault with which a plan is refused. */
function refusal(world: World): Fault {
  try {
    world.plan();
  } catch (error) {
    if (error instanceof Fault && error.code === 'plan-refused') return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('the plan of a fleet', () => {
  it('creates all at once where there is nothing', () => {
    const plan = new World(fleetOf(3)).plan();
    expect(actions(plan)).to.equal('create create create');
    expect(stagesOf(plan)).to.deep.equal([`all 0,1,2 (0..3): ${SERVE}`]);
    expect(plan).to.deep.include({
      from: undefined,
      to: { id: 'ami-1', name: 'app-1' },
      promise: { least: 0, most: 4 },
    });
    expect(plan.changes.map(({ after }) => after?.subnetId)).to.deep.equal(['subnet-a', 'subnet-b', 'subnet-a']);
  });

  it('has nothing to do where all is as it should be', () => {
    const plan = World.running(fleetOf(3)).plan();
    expect([actions(plan), plan.batches, plan.drift, plan.warnings]).to.deep.equal(['no-op no-op no-op', [], [], []]);
  });

  it('replaces instances by ones of the new image, one at a time', () => {
    const plan = World.running(fleetOf(2)).bake('ami-2').plan();
    expect(plan.changes[0]?.attributes).to.deep.equal([
      { name: 'image', before: 'ami-1', after: 'ami-2', forcesReplacement: true },
    ]);
    expect(stagesOf(plan)).to.deep.equal([`batch 0 (2..3): ${SERVE} ${LEAVE}`, `batch 1 (2..3): ${SERVE} ${LEAVE}`]);
  });

  it('launches as many more as it may, and terminates as many first as may be missed', () => {
    const world = World.running(fleetOf(5, {}, { maxSurge: 1, maxUnavailable: '20%' })).bake('ami-2');
    const early = 'depose deregister await-drained terminate';
    expect(stagesOf(world.plan())).to.deep.equal([
      `batch 0,1 (4..6): ${early} ${SERVE} ${LEAVE}`,
      `batch 2,3 (4..6): ${early} ${SERVE} ${LEAVE}`,
      `batch 4 (5..6): ${SERVE} ${LEAVE}`,
    ]);
  });

  it('lets few go first, and stops at checkpoints', () => {
    const strategy = { type: 'canary', canary: 1, maxSurge: 2, pause: 1000, checkpoints: [60, 100] } as const;
    const plan = World.running(fleetOf(5, {}, strategy))
      .bake('ami-2')
      .plan();
    expect(stagesOf(plan)).to.deep.equal([
      `canary 0 (5..6): ${SERVE} ${LEAVE} pause`,
      `batch 1,2 (5..7): ${SERVE} ${LEAVE} checkpoint`,
      `batch 3,4 (5..7): ${SERVE} ${LEAVE}`,
    ]);
    expect(plan.batches[1]?.stages.at(-1)?.steps).to.deep.equal([{ do: 'checkpoint', percent: 60, time: undefined }]);
  });

  it('starts all beside all that there are, switches, and keeps the old ones while it bakes', () => {
    const plan = World.running(fleetOf(3, {}, { type: 'blue_green', bakeTime: 60_000 }))
      .bake('ami-2')
      .plan();
    expect(stagesOf(plan)).to.deep.equal([
      `all 0,1,2 (3..6): ${SERVE} deregister await-drained`,
      'end 0,1,2 (3..6): bake terminate',
    ]);
  });

  it('bakes at the end, and not where nothing is replaced', () => {
    const strategy = { bakeTime: 60_000 };
    const plan = World.running(fleetOf(1, {}, strategy))
      .bake('ami-2')
      .plan();
    expect(stagesOf(plan)).to.deep.equal([`batch 0 (1..2): ${SERVE} ${LEAVE}`, 'end  (1..1): bake']);
    const less = World.running(fleetOf(2, {}, strategy));
    less.fleet = fleetOf(1, {}, strategy);
    expect(stagesOf(less.plan())).to.deep.equal(['batch 1 (1..2): depose deregister await-drained terminate']);
  });

  it('moves data volumes from the old one to the new one', () => {
    const world = World.running(fleetOf(2, withVolumes, { maxUnavailable: 1 })).bake('ami-2');
    const move =
      'deregister await-drained stop detach-volumes attach-volumes check register await-in-service terminate';
    expect(stagesOf(world.plan())).to.deep.equal([
      `batch 0 (1..3): launch await-running ${move}`,
      `batch 1 (1..3): launch await-running ${move}`,
    ]);
    const held = [...world.volumes.keys()];
    world.do(world.plan());
    expect([...world.volumes.keys()]).to.deep.equal(held);
    expect(stagesOf(world.plan())).to.deep.equal([]);
  });

  it('is refused where data volumes move and none may be missed', () => {
    const { message, hint } = refusal(World.running(fleetOf(2, withVolumes)).bake('ami-2'));
    expect(message).to.equal(
      'fleet web: a data volume lets go of one instance before the next one has it, so that one is missed meanwhile, and strategy.max_unavailable: 0 lets none be missed',
    );
    expect(hint).to.equal('write max_unavailable: 1');
    const blue = refusal(World.running(fleetOf(2, withVolumes, { type: 'blue_green' })).bake('ami-2'));
    expect(blue.message).to.include('strategy.type: blue_green lets none be missed');
  });

  it('is refused where too few are in service to take one away', () => {
    const world = World.running(fleetOf(3, {}, { maxSurge: 0, maxUnavailable: 1 }));
    for (const { current } of [world.slot(0), world.slot(1)]) world.machines.get(current!.id!)!.target = 'unhealthy';
    world.fleet = { ...world.fleet, tags: { Team: 'web' } };
    expect(actions(world.plan())).to.equal('update update update');
    world.bake('ami-2');
    expect(stagesOf(world.plan())[0]).to.match(/^batch 0 /);
    world.do({ ...world.plan(), batches: world.plan().batches.slice(0, 2) });
    for (const { current } of [world.slot(0), world.slot(1)]) world.machines.get(current!.id!)!.target = 'unhealthy';
    expect(refusal(world).message).to.equal(
      'fleet web: 1 of 3 are in service; nothing can be replaced with at least 2 in service and at most 3 there',
    );
  });

  it('replaces those that are not in service first', () => {
    const world = World.running(fleetOf(3)).bake('ami-2');
    world.machines.get(world.slot(2).current!.id!)!.target = 'unhealthy';
    const [first] = world.plan().batches;
    expect(first).to.deep.include({ slots: [2], least: 2, most: 3 });
  });

  it('adds what is missing beyond those that are there, and takes away what is too many', () => {
    const world = World.running(fleetOf(2));
    world.fleet = fleetOf(4);
    expect(stagesOf(world.plan())).to.deep.equal([`batch 2,3 (2..4): ${SERVE}`]);
    world.do(world.plan());
    world.fleet = fleetOf(1);
    const plan = world.plan();
    expect(actions(plan)).to.equal('no-op delete delete delete');
    expect(reasons(plan)[3]).to.equal('because index [3] is out of range for count, which is 1');
    expect(stagesOf(plan)).to.deep.equal(['batch 1,2,3 (1..4): depose deregister await-drained terminate']);
    expect(plan.promise).to.deep.equal({ least: 1, most: 5 });
  });

  it('takes all away', () => {
    const plan = World.running(fleetOf(2, withVolumes)).plan({ kind: 'destroy' });
    expect(actions(plan)).to.equal('delete delete');
    expect(plan.to).to.equal(undefined);
    expect(stagesOf(plan)).to.deep.equal(['batch 0,1 (0..2): depose deregister await-drained terminate']);
    expect(plan.warnings).to.have.length(2);
    expect(plan.warnings[0]).to.match(/^fleet\.web\[0\]: its volume vol-\S+ us-east-1a \(\/dev\/xvdf, 10 GiB\) stays$/);
  });

  it('changes tags, security groups and target groups in place', () => {
    const world = World.running(fleetOf(1));
    world.fleet = { ...world.fleet, tags: { Team: 'web' } };
    const plan = world.plan();
    expect(plan.changes[0]).to.deep.include({
      action: 'update',
      attributes: [{ name: 'tags', before: {}, after: { Team: 'web' }, forcesReplacement: false }],
    });
    expect(stagesOf(plan)).to.deep.equal(['batch 0 (1..1): update check await-in-service']);
    world.do(plan);
    expect(actions(world.plan())).to.equal('no-op');
  });

  it('leaves tags alone that are ours, of AWS, and the name', () => {
    const world = World.running(fleetOf(1));
    const machine = world.machines.get(world.slot(0).current!.id!)!;
    const tags = { Name: 'web-0', 'playbake:fleet': 'web', 'aws:autoscaling:groupName': 'x' };
    machine.seen = { ...machine.seen, tags };
    expect(actions(world.plan())).to.equal('no-op');
    world.fleet = { ...world.fleet, tags: { Name: 'web' } };
    expect(world.plan().changes[0]?.attributes).to.deep.equal([
      { name: 'tags', before: {}, after: { Name: 'web' }, forcesReplacement: false },
    ]);
  });

  describe('sees what was done by hand', () => {
    const changed = (change: (world: World, id: string) => void) => {
      const world = World.running(fleetOf(2));
      change(world, world.slot(0).current!.id!);
      return world.plan();
    };

    it('an instance that is gone', () => {
      const plan = changed((world, id) => world.kill(id));
      expect(plan.drift).to.deep.equal([
        { address: 'fleet.web[0]', id: 'i-1', kind: 'gone', message: 'it is not there any more', attributes: [] },
      ]);
      expect([actions(plan), reasons(plan)[0]]).to.deep.equal(['create no-op', 'because its instance is gone']);
      expect(stagesOf(plan)).to.deep.equal([`batch 0 (1..2): forget ${SERVE}`]);
    });

    it('one that is stopped', () => {
      const plan = changed(({ machines }, id) => {
        const machine = machines.get(id)!;
        machine.seen = { ...machine.seen, state: 'stopped', reason: 'User initiated' };
        machine.target = 'unused';
      });
      expect(plan.drift[0]).to.deep.include({ kind: 'stopped', message: 'it is stopped: User initiated' });
      expect([actions(plan), reasons(plan)[0]]).to.deep.equal(['replace no-op', 'because its instance is stopped']);
      expect(stagesOf(plan)).to.deep.equal([`batch 0 (1..2): depose deregister await-drained terminate ${SERVE}`]);
    });

    it('one of another type', () => {
      const plan = changed(({ machines }, id) => {
        const machine = machines.get(id)!;
        machine.seen = { ...machine.seen, instanceType: 't3.large' };
      });
      expect(plan.drift[0]?.attributes).to.deep.equal([
        { name: 'instance_type', before: 't3.small', after: 't3.large', forcesReplacement: true },
      ]);
      expect(plan.changes[0]).to.deep.include({
        action: 'replace',
        attributes: [{ name: 'instance_type', before: 't3.large', after: 't3.small', forcesReplacement: true }],
      });
    });

    it('one that was deregistered', () => {
      const plan = changed(({ machines }, id) => {
        machines.get(id)!.target = undefined;
      });
      expect(plan.drift[0]).to.deep.include({ kind: 'changed' });
      expect(plan.changes[0]).to.deep.include({
        ...{ action: 'update', reason: 'because it is not in service' },
        attributes: [{ name: 'target_groups', before: [], after: ['web'], forcesReplacement: false }],
      });
      expect(stagesOf(plan)).to.deep.equal(['batch 0 (1..2): update await-running check register await-in-service']);
    });

    it('one that nobody knows', () => {
      const plan = changed(({ machines }, id) => {
        const { seen } = machines.get(id)!;
        machines.set('i-9', { seen: { ...seen, id: 'i-9', token: '' }, target: undefined, volumes: new Set() });
      });
      expect(plan.drift).to.deep.equal([
        {
          ...{ address: 'fleet.web', id: 'i-9', kind: 'unknown', attributes: [] },
          message:
            'it bears the tag of the fleet and is in no state; it is left alone (`rollout import web i-9` takes it in)',
        },
      ]);
      expect(plan.batches).to.deep.equal([]);
    });

    it('one that is unhealthy, which no plan mends', () => {
      const plan = changed(({ machines }, id) => {
        machines.get(id)!.target = 'unhealthy';
      });
      expect(plan.batches).to.deep.equal([]);
      expect(plan.warnings).to.deep.equal(['fleet.web[0] (i-1) is unhealthy in web, and is left as it is']);
    });

    it('a volume that is gone', () => {
      const world = World.running(fleetOf(1, withVolumes, { maxUnavailable: 1 }));
      world.volumes.clear();
      const plan = world.plan();
      expect(plan.drift[0]).to.deep.include({ kind: 'volume', message: 'its volume /dev/xvdf is not there any more' });
      expect([actions(plan), reasons(plan)]).to.deep.equal(['replace', ['because its volume /dev/xvdf is gone']]);
      expect(plan.warnings).to.include(
        'fleet.web[0]: the volume /dev/xvdf is gone with what it held; a new one is made',
      );
      world.do(plan);
      expect(world.plan().batches).to.deep.equal([]);
    });
  });

  it('keeps a volume as large as it is, and says how it is changed', () => {
    const world = World.running(fleetOf(1, withVolumes));
    world.fleet = { ...world.fleet, volumes: [{ ...withVolumes.volumes[0]!, size: 20 }] };
    const plan = world.plan();
    expect(plan.batches).to.deep.equal([]);
    expect(plan.warnings[0]).to.match(
      /has 10 GiB and keeps them; `aws ec2 modify-volume --volume-id .* --size 20` changes it/,
    );
  });

  it('launches an instance where its volume is', () => {
    const world = World.running(fleetOf(2, withVolumes, { maxUnavailable: 1 })).bake('ami-2');
    expect(world.plan().changes.map(({ after }) => after?.subnetId)).to.deep.equal(['subnet-a', 'subnet-b']);
  });

  it('finds an instance again whose launch was not answered, by its token', () => {
    const world = World.running(fleetOf(1));
    const { id: _, ...current } = world.slot(0).current!;
    world.slots = { 0: { ...world.slot(0), current } };
    expect(actions(world.plan())).to.equal('no-op');
  });

  it('warns where there is no way back, and where nothing is checked', () => {
    const world = World.running(fleetOf(1, { targetGroups: [] })).bake('ami-2');
    expect(world.plan().warnings).to.deep.equal([]);
    world.fleet = { ...world.fleet, health: { ...world.fleet.health, http: undefined, unverified: '/srv/app.yml' } };
    expect(world.plan().warnings).to.deep.equal([
      'the tasks tagged verify of app.yml are not run on the new instances, for there is no ssh; health.verify: false leaves them out',
      'nothing tells whether a new instance works: it counts as healthy once it runs (see health)',
    ]);
    const then = 'should the new instances fail, the rollout stops where it is';
    world.images.delete('ami-1');
    expect(world.plan().warnings[0]).to.equal(
      `app-1 (ami-1), the image of the last good release, cannot be launched any more: ${then}`,
    );
    world.good = undefined;
    expect(world.plan().warnings[0]).to.equal(`there is no good release yet to go back to: ${then}`);
  });

  it('goes back in blue_green to the instances that are there still', () => {
    const world = World.running(fleetOf(2, {}, { type: 'blue_green', bakeTime: 1000 })).bake('ami-2');
    const plan = world.plan();
    world.do({ ...plan, batches: plan.batches.slice(0, 1) });
    const back = world.plan({ kind: 'release', release: world.good! });
    expect(actions(back)).to.equal('restore restore');
    expect(stagesOf(back)).to.deep.equal([
      `batch 0,1 (2..4): restore await-running check register await-in-service ${LEAVE}`,
    ]);
    expect(back.batches[0]?.stages[0]?.steps).to.deep.equal([
      { do: 'restore', slot: 0, id: 'i-1' },
      { do: 'restore', slot: 1, id: 'i-2' },
    ]);
    world.do(back);
    expect([...world.machines.keys()]).to.deep.equal(['i-1', 'i-2']);
  });

  it('goes back by the same strategy to the image that was good, where the instances are gone', () => {
    const world = World.running(fleetOf(2, {}, { checkpoints: [50, 100], pause: 1000 })).bake('ami-2');
    const good = world.good!;
    world.do(world.plan());
    const back = world.plan({ kind: 'release', release: good });
    expect(back).to.deep.include({ from: { id: 'ami-2', name: 'app-2' }, to: { id: 'ami-1', name: 'app-1' } });
    expect(stagesOf(back)).to.deep.equal([`batch 0 (2..3): ${SERVE} ${LEAVE}`, `batch 1 (2..3): ${SERVE} ${LEAVE}`]);
  });

  it('goes on from where a rollout was stopped, to something else', () => {
    const world = World.running(fleetOf(2)).bake('ami-2');
    const plan = world.plan();
    const [launch] = plan.batches[0]!.stages;
    world.step(launch!.steps[0]!, plan);
    world.bake('ami-3');
    const other = world.plan();
    expect(actions(other)).to.equal('replace replace');
    expect(stagesOf(other)).to.deep.equal([
      `batch 0 (2..3): restore ${LEAVE}`,
      `batch 0 (2..3): ${SERVE} ${LEAVE}`,
      `batch 1 (2..3): ${SERVE} ${LEAVE}`,
    ]);
    world.do(other);
    expect(world.plan().batches).to.deep.equal([]);
  });

  it('has an id of its own', () => {
    expect(rolloutId('web', new Date('2026-11-26T02:15:00.123Z'), 12)).to.equal('web-20261126T021500-12');
  });
});
