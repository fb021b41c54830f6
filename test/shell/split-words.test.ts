import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { splitWords } from '../../src/shell/split-words.ts';

describe('splitting words', () => {
  for (const line of [
    '',
    '  a  b\tc ',
    `-o 'ProxyCommand=ssh -W %h:%p "my bastion"' -F none`,
    `"a \\"b\\" c" 'd "e"' f\\ g`,
    `a"b c"d'e f'g`,
    `"" '' x`,
    `"it's" 'a\\b' "a\\nb" \\'`,
  ]) {
    it(`is what a shell does: ${line}`, () => {
      const said = execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${line}`]).toString();
      const words = said.split('\0').slice(0, -1);
      expect(splitWords(line)).to.deep.equal(line.trim() === '' ? [] : words);
    });
  }
});
