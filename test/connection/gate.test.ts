import { expect } from 'chai';
import { Gate } from '../../src/connection/gate.ts';

describe('a gate', () => {
  it('lets so many in at the same time, first come, first served, and goes on after a failure', async () => {
    const gate = new Gate(2);
    const begun: number[] = [];
    let inside = 0;
    let most = 0;
    const work = (nth: number) => async () => {
      begun.push(nth);
      inside++;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside--;
      if (nth === 3) throw new Error('no');
      return nth;
    };
    const all = await Promise.allSettled([1, 2, 3, 4, 5, 6, 7].map((nth) => gate.through(work(nth))));
    expect(all.map((one) => (one.status === 'fulfilled' ? one.value : 'no'))).to.deep.equal([1, 2, 'no', 4, 5, 6, 7]);
    expect(begun).to.deep.equal([1, 2, 3, 4, 5, 6, 7]);
    expect(most).to.equal(2);
    expect(gate.deserted).to.equal(true);
  });
});
