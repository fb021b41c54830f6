import { expect } from 'chai';
import { type Class, Model } from '../../../src/rollout/plan/model/model.ts';
import { type Flaw, prove } from '../../../src/rollout/plan/model/prove.ts';
import { type Limits, type Run, schedule } from '../../../src/rollout/plan/model/schedule.ts';
import type { Member, Slot } from '../../../src/rollout/plan/model/slot.ts';

const OLD: Member = { runs: true, serves: true, ill: false, fit: 'other', home: 'fits', holds: false };

describe('the simulator', () => {
  function fleet(count: number, surge: number, unavailable: number, change: Partial<Slot> = {}) {
    const model = new Model('other');
    const one = model.classOf({ wanted: true, moves: false, gone: false, current: OLD, deposed: [], ...change });
    const limits: Limits = { count, surge, unavailable, canary: 0, hold: false, checkpoints: [], isBack: false };
    const counts = new Map([[one, count]]);
    const { runs } = schedule(model, counts, limits);
    return { model, one, counts, limits, runs, promise: { least: count - unavailable, most: count + surge } };
  }

  /** What is found of other runs than those that are right, or under another promise. */
  function flawOf(
    { model, counts, limits, runs, promise }: ReturnType<typeof fleet>,
    change: {
      readonly runs?: readonly Run[];
      readonly promise?: { readonly least: number; readonly most: number };
    } = {},
  ): Flaw | undefined {
    const back = { ...limits, isBack: true };
    return prove({ model, counts, runs, promise, limits: back, goesBack: true, ...change }).flaw;
  }

  const run = (one: Class, way: 'surge' | 'in-place', size: number): Run => ({
    ...{ kind: 'batch', picks: [{ class: one, way, size }], times: 1, progress: size, checkpoint: undefined },
  });

  it('finds nothing wrong with what is scheduled', () => {
    for (const [surge, unavailable] of [
      [1, 0],
      [0, 1],
      [2, 3],
      [10, 0],
      [1, 9],
    ] as const) {
      expect(flawOf(fleet(10, surge, unavailable)), `${surge} ${unavailable}`).to.equal(undefined);
    }
  });

  it('tries more failures than there are steps, and few states', () => {
    const { model, counts, runs, promise, limits } = fleet(100, 1, 0);
    const proof = prove({ model, counts, runs, promise, limits: { ...limits, isBack: true }, goesBack: true });
    expect(proof.failures).to.be.greaterThan(100 * 8);
    expect(proof.states).to.be.lessThan(proof.failures);
  });

  it('finds that too many are taken out of service at once', () => {
    const one = fleet(10, 1, 1);
    expect(flawOf(one, { runs: [run(one.one, 'in-place', 2)] })).to.deep.equal({
      ...{ phase: 'deregister early', loss: undefined, problem: 'capacity', found: 8, promised: 9 },
    });
  });

  it('finds that too many are launched', () => {
    const one = fleet(10, 1, 1);
    expect(flawOf(one, { runs: [run(one.one, 'surge', 2)] })).to.deep.equal({
      ...{ phase: 'launch', loss: undefined, problem: 'instances', found: 12, promised: 11 },
    });
  });

  it('finds that there is no way back where none may be missed and no more launched', () => {
    const one = fleet(3, 1, 0);
    const flaw = flawOf({ ...one, limits: { ...one.limits, surge: 0 } }, { runs: [run(one.one, 'surge', 1)] });
    expect(flaw).to.deep.include({ problem: 'stuck' });
  });

  it('finds what the promise is broken by: an instance that dies counts as one below, and no more', () => {
    const one = fleet(10, 0, 1);
    expect(flawOf(one, { promise: { least: 9, most: 10 } })).to.equal(undefined);
    expect(flawOf(one, { promise: { least: 10, most: 10 } })).to.deep.include({ problem: 'capacity', promised: 10 });
  });

  it('never lets two instances have the volumes of a slot, nor takes them from one that runs', () => {
    const { model, one } = fleet(1, 1, 1, { moves: true, current: { ...OLD, holds: true } });
    const { phases } = model.trace(one, 'surge');
    const order = [
      'launch',
      'deregister first',
      'stop',
      'detach-volumes',
      'attach-volumes',
      'await-in-service',
    ] as const;
    expect(order.map((phase) => phases.indexOf(phase))).to.deep.equal(
      order.map((phase) => phases.indexOf(phase)).toSorted((a, b) => a - b),
    );
    expect(phases.indexOf('stop')).to.be.greaterThan(-1);
  });
});
