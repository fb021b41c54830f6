/** Plays made by chance, in lock step and as a stream: what they do, show and count is the same. */

import { join } from 'node:path';
import { expect } from 'chai';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { observe } from './streaming/observed.ts';
import { randomPlaybook } from './streaming/random-playbook.ts';
import { Wire } from './streaming/wire.ts';

/** More of them, or others: `STREAMED_PLAYS=2000 STREAMED_FROM=1 npx mocha test/play/streaming.test.ts`. */
const PLAYS = Number(process.env['STREAMED_PLAYS'] ?? 100);
const FROM = Number(process.env['STREAMED_FROM'] ?? 1);

/** Of how many plays each frame is cut. */
const CUT = Math.ceil(PLAYS / 50);

/** Plays on one host that end with it: it is not asked for again when it was lost. */
function oneHostSeeds(count: number): readonly number[] {
  const seeds: number[] = [];
  for (let seed = FROM; seeds.length < count; seed++) {
    const book = randomPlaybook(seed);
    const text = JSON.stringify(book);
    const tasks = text.match(/"shell"/g)?.length ?? 0;
    if (book.hosts.length > 1 || /ignore_unreachable|clear_host_errors/.test(text)) continue;
    if (tasks > 8 && tasks < 20) seeds.push(seed);
  }
  return seeds;
}

describe('a play as a stream', () => {
  const directory = temporaryDirectory();

  it(`does what it does in lock step: ${PLAYS} plays by chance, from ${FROM}`, async function () {
    this.timeout(PLAYS * 2000);
    for (let seed = FROM; seed < FROM + PLAYS; seed++) {
      const book = randomPlaybook(seed);
      const at = join(directory(), 'play');
      const lockStep = await observe(book, at, { lockStep: true, wire: new Wire() });
      const streamed = await observe(book, at, {
        lockStep: false,
        wire: new Wire({ delay: 2, seed }),
        forks: seed % 7 === 0 ? 1 : 50,
      });
      expect(streamed, `seed ${seed}`).to.deep.equal(lockStep);
    }
  });

  it(`ends where the wire is cut, whichever frame was the last: ${CUT} plays`, async function () {
    this.timeout(CUT * 120_000);
    for (const seed of oneHostSeeds(CUT)) {
      const book = randomPlaybook(seed);
      const at = join(directory(), 'cut');
      const uncut = new Wire();
      const whole = await observe(book, at, { lockStep: true, wire: uncut });
      for (let cutAfter = 1; cutAfter <= uncut.frames; cutAfter++) {
        const wire = new Wire({ delay: 2, seed, cutAfter });
        const { code, logs, recap, shown } = await observe(book, at, { lockStep: false, wire });
        const which = `seed ${seed}, cut after ${cutAfter} of ${uncut.frames}`;
        const log = logs['h1'] ?? [];
        expect(log, which).to.deep.equal(whole.logs['h1']?.slice(0, log.length));
        if (code !== 4) {
          // No program was under way: the host was connected to anew.
          expect([code, shown], which).to.deep.equal([whole.code, whole.shown]);
          continue;
        }
        expect(recap.join(), which).to.include('"unreachable":1');
        const end = shown.findIndex((line) => line.includes(' unreachable '));
        expect(shown.slice(0, end), which).to.deep.equal(whole.shown.slice(0, end));
      }
    }
  });
});
