import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { SideBySide } from '../../src/connection/side-by-side.ts';

describe('work side by side', () => {
  it('goes on at the same time, as much as may', async () => {
    const works = new SideBySide(3);
    let [now, most] = [0, 0];
    const work = async () => {
      most = Math.max(most, ++now);
      await sleep(1);
      now--;
    };
    await Promise.all(Array.from({ length: 20 }, () => works.run(work)));
    expect(most).to.equal(3);
  });

  it('is tried again alone when it fails beside others', async () => {
    const works = new SideBySide(4);
    let now = 0;
    const work = async () => {
      if (now > 0) throw new Error('one at a time');
      now++;
      await sleep(1);
      now--;
      return 'done';
    };
    const all = await Promise.all(Array.from({ length: 12 }, () => works.run(work)));
    expect(all).to.deep.equal(Array.from({ length: 12 }, () => 'done'));
  });

  it('fails for good when it fails alone', async () => {
    const works = new SideBySide(2);
    let tries = 0;
    const work = async () => {
      tries++;
      throw new Error('never');
    };
    const why = await works.run(work).catch((error: Error) => error.message);
    expect([why, tries]).to.deep.equal(['never', 1]);
    const both = await Promise.allSettled([works.run(work), works.run(work)]);
    expect(both.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected']);
  });
});
