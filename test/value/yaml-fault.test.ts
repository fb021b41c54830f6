import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { Findings } from '../../src/fault.ts';
import { readYaml } from '../../src/value/yaml.ts';

const FILE = join(import.meta.dirname, 'yaml-faults.json');

interface Case {
  readonly text: string;
  readonly at: string;
  readonly message: string;
  readonly hint?: string;
}
/** Texts that are no YAML, with what is said of them. UPDATE=1 writes it anew, to be read. */
const cases: readonly Case[] = JSON.parse(readFileSync(FILE, 'utf8'));

function faultOf(text: string): Case {
  const findings = new Findings();
  readYaml(text, 'a.yml', findings);
  const [first, ...others] = findings.faults;
  expect(others.map(({ message }) => message)).to.deep.equal([]);
  const { message = '', hint, where } = first ?? {};
  return { text, at: `${where?.line}:${where?.column}`, message, ...(hint !== undefined && { hint }) };
}

describe('a text that is no YAML', () => {
  after(() => {
    if (process.env['UPDATE'])
      writeFileSync(
        FILE,
        `${JSON.stringify(
          cases.map(({ text }) => faultOf(text)),
          null,
          1,
        )}\n`,
      );
  });

  for (const one of cases) {
    it(`is explained: ${JSON.stringify(one.text)}`, () => {
      if (!process.env['UPDATE']) expect(faultOf(one.text)).to.deep.equal(one);
    });
  }
});
