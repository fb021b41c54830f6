import { createHash, randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { Digests } from '../../modules/shared/digests.ts';

describe('digests', () => {
  const content = randomBytes(1000);
  const right = {
    sha1: createHash('sha1').update(content).digest('hex'),
    md5: createHash('md5').update(content).digest('hex'),
  };
  const halves = [content.subarray(0, 400), content.subarray(400)];

  for (const [what, pieces] of [
    ['is sent in pieces', halves],
    ['is not sent', []],
    ['is sent in part', halves.slice(0, 1)],
    ['is sent again from the start', [...halves.slice(0, 1), ...halves]],
  ] as const) {
    it(`are those of the content, which ${what}`, () => {
      const digests = new Digests(content);
      for (const piece of pieces) digests.take(piece);
      for (let again = 0; again < 2; again++) expect({ sha1: digests.sha1, md5: digests.md5 }).to.deep.equal(right);
    });
  }

  it('count the bytes of a text', () => {
    const digests = new Digests('é');
    digests.take(Buffer.from('é'));
    expect(digests.md5).to.equal(createHash('md5').update('é').digest('hex'));
  });
});
