import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { choosePacking } from '../../src/connection/choose-packing.ts';

const MEGABYTE = 1000;

describe('the packing of an upload', () => {
  const text = Buffer.from(Array.from({ length: 100_000 }, (_, line) => `line ${line} of a text\n`).join(''));
  const noise = randomBytes(text.length);

  it('is none on a quick wire', () => {
    expect(choosePacking(text, 250 * MEGABYTE)).to.equal(undefined);
  });

  it('is some on a slow one', () => {
    expect(choosePacking(text, MEGABYTE / 2)).to.be.oneOf([1, 6]);
  });

  it('is none of what does not get smaller', () => {
    expect(choosePacking(noise, MEGABYTE / 2)).to.equal(undefined);
    // Its beginning alone would tell otherwise.
    expect(choosePacking(Buffer.concat([text.subarray(0, 30_000), noise]), MEGABYTE / 2)).to.equal(undefined);
  });
});
