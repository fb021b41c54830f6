import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { Fault } from '../../src/fault.ts';
import { parseFreeForm, splitAction } from '../../src/playbook/free-form.ts';
import { type Plain, toPlain } from '../../src/value/value.ts';

/** Made by record.py. */
const recorded: {
  readonly parsed: readonly { readonly action: string; readonly text: string; readonly args: Plain }[];
  readonly refused: readonly string[];
} = JSON.parse(readFileSync(join(import.meta.dirname, 'free-form.json'), 'utf8'));

describe('arguments as text', () => {
  for (const { action, text, args } of recorded.parsed) {
    it(`are what Ansible takes them for: ${action}: ${JSON.stringify(text)}`, () => {
      expect(toPlain(parseFreeForm(action, text))).to.deep.equal(args);
    });
  }

  for (const text of recorded.refused) {
    it(`are refused where Ansible refuses them: ${text}`, () => {
      expect(() => parseFreeForm('copy', text)).to.throw(Fault, /unbalanced jinja2 block or quotes/);
    });
  }

  it('follow the name of a module, which may be a template with spaces', () => {
    expect(splitAction('copy src=a  dest="b c"')).to.deep.equal(['copy', 'src=a  dest="b c"']);
    expect(splitAction('{{ pkg | d("apt") }} name=x')).to.deep.equal(['{{ pkg | d("apt") }}', 'name=x']);
  });
});
