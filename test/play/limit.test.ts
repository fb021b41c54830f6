import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { hearing } from '../../src/connection/silence.ts';
import { eachLimited } from '../../src/play/limit.ts';

describe('so many at a time', () => {
  it('begin in order and give their results in order', async () => {
    const begun: number[] = [];
    let busy = 0;
    let most = 0;
    const results = await eachLimited([30, 10, 20, 0], 2, async (delay) => {
      begun.push(delay);
      most = Math.max(most, ++busy);
      await sleep(delay);
      busy--;
      return delay + 1;
    });
    expect(results).to.deep.equal([31, 11, 21, 1]);
    expect(begun).to.deep.equal([30, 10, 20, 0]);
    expect(most).to.equal(2);
    expect(await eachLimited([], 2, async () => 1)).to.deep.equal([]);
  });

  it('begin no more when one has thrown, and the others end first', async () => {
    const ended: number[] = [];
    const work = eachLimited([0, 20, 30], 2, async (delay) => {
      await sleep(delay);
      if (delay === 0) throw new Error('the first');
      ended.push(delay);
    });
    const thrown = await work.catch((error: Error) => error.message);
    expect(thrown).to.equal('the first');
    expect(ended).to.deep.equal([20]);
  });

  it('and those that are connected to and do not answer keep nobody waiting; they go on when there is room', async () => {
    let answer: (() => void) | undefined;
    let busy = 0;
    let most = 0;
    const log: string[] = [];
    const atWork = async (name: string, during: () => Promise<unknown>) => {
      most = Math.max(most, ++busy);
      await during();
      busy--;
      log.push(name);
    };
    const dead = sleep(2500).then(() => {
      throw new Error('dead');
    });
    dead.catch(() => undefined);
    const late = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await eachLimited(['late', 'dead', 'a', 'b', 'c'], 2, async (name) => {
      if (name === 'late') {
        await hearing(late);
        await atWork(name, () => sleep(10));
      } else if (name === 'dead') {
        await hearing(dead).catch(() => log.push('dead'));
      } else {
        // The late one answers while all places are taken.
        if (name === 'b') answer?.();
        await atWork(name, () => sleep(50));
      }
    });
    expect(log.indexOf('dead')).to.equal(4);
    expect(log.indexOf('late')).to.be.greaterThan(0);
    expect(most).to.equal(2);
  });
});
