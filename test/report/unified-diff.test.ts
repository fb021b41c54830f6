import { expect } from 'chai';
import { unifiedDiff } from '../../src/report/unified-diff.ts';

describe('report: unified diffs', () => {
  it('says nothing where nothing differs', () => {
    expect(unifiedDiff({ before: 'a\n', after: 'a\n' }, false)).to.equal('');
    expect(unifiedDiff({ before: '', after: '' }, false)).to.equal('');
  });

  it('names both sides and marks a missing last newline', () => {
    const diff = { before: '', after: 'one', beforeHeader: '/etc/a', afterHeader: 'content' };
    expect(unifiedDiff(diff, false)).to.equal(
      '--- before: /etc/a\n+++ after: content\n@@ -0,0 +1 @@\n+one\n\\ No newline at end of file\n\n',
    );
  });

  it('splits at more than six equal lines', () => {
    const before = Array.from({ length: 20 }, (_, i) => `line ${i}\n`);
    const after = before.map((line, i) => (i === 2 || i === 15 ? `new ${i}\n` : line));
    const text = unifiedDiff({ before: before.join(''), after: after.join('') }, false);
    expect(text.match(/^@@.*$/gm)).to.deep.equal(['@@ -1,6 +1,6 @@', '@@ -13,7 +13,7 @@']);
  });

  it('takes a large text in time', function () {
    this.timeout(2000);
    const before = Array.from({ length: 20_000 }, (_, i) => `line ${i % 5000}\n`);
    const after = before.map((line, i) => (i % 1000 === 0 ? `new ${i}\n` : line));
    const text = unifiedDiff({ before: before.join(''), after: after.join('') }, false);
    expect(text.match(/^@@/gm)).to.have.length(20);
  });
});
