import { expect } from 'chai';
import { type Frame, FrameReader } from '../../src/shell/frames.ts';

describe('frames', () => {
  const bytes = Buffer.from(
    'Welcome to web1\n@n0nce hello ready 42 0 0\n\n@n0nce 0 ran 3 7 2\na\n@n0nce\xff\n\n',
    'latin1',
  );

  /** What comes out when the bytes come in chunks of a size. */
  const framesOf = (size: number) => {
    const frames: Frame[] = [];
    const reader = new FrameReader('n0nce', (frame) => frames.push(frame));
    for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
    return frames.map(({ index, state, rc, first, second }) => [
      index,
      state,
      rc,
      first.toString('latin1'),
      second.toString('latin1'),
    ]);
  };

  for (const size of [1, 2, 7, 1000]) {
    it(`are the same in chunks of ${size}`, () => {
      expect(framesOf(size)).to.deep.equal([
        ['hello', 'ready', 42, '', ''],
        ['0', 'ran', 3, 'a\n@n0nc', 'e\xff'],
      ]);
    });
  }
});
