import { expect } from 'chai';
import { parseCase } from '../../bench/cases.ts';
import { measure } from '../../bench/measure.ts';
import { Fault } from '../../src/fault.ts';

const measured = (program: string, limit = 20) =>
  measure({ words: [process.execPath, '-e', program], environment: { GIVEN: 'word' } }, limit, '/');

describe('measuring a program', () => {
  it('tells its time, its processor time, its memory, its status and what it said', async () => {
    const cost = await measured(
      'const a = Buffer.alloc(8e7, 1); const t = Date.now(); while (Date.now() < t + 300); console.log(process.env.GIVEN); process.exitCode = 7',
    );
    expect(cost.wall).to.be.at.least(0.3);
    expect(cost.cpu).to.be.greaterThan(0);
    expect(cost.peak).to.be.greaterThan(76);
    expect(cost.status).to.equal(7);
    expect(cost.said).to.equal('word\n');
  });

  it('ends one that takes too long, with its children', async () => {
    const cost = await measured(`require('node:child_process').execFileSync('sleep', ['1000'])`, 1);
    expect(cost.status).to.equal(-1);
  });
});

describe('the cases of the benchmark', () => {
  it('are read from their labels', () => {
    const { label: _, ...one } = parseCase('p1@50');
    expect(one).to.deep.equal({ work: 'p1', hosts: 1, roundTrip: 50 });
    expect(parseCase('p4b').work).to.equal('p4b');
    expect(parseCase('first-byte').work).to.equal('first-byte');
    expect(parseCase('p3x10').hosts).to.equal(10);
    expect(parseCase('scale1000')).to.include({ work: 'scale', hosts: 1000 });
  });

  it('are refused where there is no such case', () => {
    for (const label of ['p9', 'p1x', 'x10', 'p3x10@50', '']) expect(() => parseCase(label), label).to.throw(Fault);
  });
});
