import { expect } from 'chai';
import { Fault } from '../../src/fault.ts';
import { codeFrame, faultsText } from '../../src/report/fault.ts';

const look = { color: false, directory: '/play' };
const text = `- hosts: all
  vars:
    db_password: hunter2
  tasks:
    - name: copy
      copy:
        src: a
        dset: b
    - debug: {}
`;

describe('report: faults', () => {
  it('show the place, the lines around it, a caret and a hint', () => {
    const where = { file: '/play/site.yml', line: 8, column: 9, text };
    const fault = new Fault('argument-unknown', 'copy has no parameter "dset"', { where, hint: 'did you mean dest?' });
    expect(faultsText([fault], look)).to.equal(`ERROR! site.yml:8:9: copy has no parameter "dset"
  5 |     - name: copy
  6 |       copy:
  7 |         src: a
> 8 |         dset: b
    |         ^
  9 |     - debug: {}
  hint: did you mean dest?
`);
  });

  it('come all at once, counted', () => {
    const one = new Fault('file-missing', 'a.yml is missing', { where: { file: '/elsewhere/a.yml' } });
    const two = new Fault('inventory-missing', 'no inventory "x"', { hint: 'looked in: .' });
    expect(faultsText([one, two], look)).to.equal(`ERROR! /elsewhere/a.yml: a.yml is missing

ERROR! no inventory "x"
  hint: looked in: .

2 errors.
`);
  });

  it('show no secrets', () => {
    const secret = [
      'vars:',
      '  db_password: hunter2',
      '  api_token: "abc def"',
      '  ansible_become_pass: "{{ from_vault }}"',
      '  key: |',
      '    -----BEGIN OPENSSH PRIVATE KEY-----',
      '    b3BlbnNzaC1rZXktdjEAAAAA',
      '    -----END OPENSSH PRIVATE KEY-----',
      '  passphrase: |',
      '    open sesame',
      '  shown: yes',
      '  line: web1 ansible_password=hunter2 ansible_user=root',
    ].join('\n');
    const shown = [3, 9]
      .map((line) => codeFrame({ file: 'a', line, column: 1, text: secret }, false).join('\n'))
      .join('\n');
    for (const word of ['hunter2', 'abc', 'b3Blb', 'sesame']) expect(shown).not.to.contain(word);
    for (const word of ['{{ from_vault }}', 'shown: yes', 'ansible_user=root', 'api_token: ********']) {
      expect(shown).to.contain(word);
    }
  });

  it('show tabs, wide characters and long lines so that the caret points at the place', () => {
    const tabbed = codeFrame({ file: 'a', line: 1, column: 2, text: '\tkey: 1\n' }, false);
    expect(tabbed).to.deep.equal(['> 1 | →key: 1', '    |  ^']);
    const wide = codeFrame({ file: 'a', line: 1, column: 3, text: '日本x\n' }, false);
    expect(wide[1]).to.equal('    |     ^');
    const long = codeFrame(
      { file: 'a', line: 1, column: 501, text: `${'x'.repeat(500)}HERE${'y'.repeat(500)}` },
      false,
    );
    expect(long[0]!.length).to.be.below(130);
    expect(long[0]!.slice(long[1]!.indexOf('^')).startsWith('HERE')).to.equal(true);
  });

  it('draw no frame where there is no text, or only a file', () => {
    expect(codeFrame({ file: 'a', line: 1, column: 1 }, false)).to.deep.equal([]);
    expect(codeFrame({ file: 'a', text }, false)).to.deep.equal([]);
  });
});
