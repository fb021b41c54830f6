import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { Findings } from '../../src/fault.ts';
import { Float, isDict, isList, type Value } from '../../src/value/value.ts';
import { readYaml } from '../../src/value/yaml.ts';

type Tagged = readonly [type: string, value?: unknown];

/** What PyYAML reads, or that it refuses to; made by record.py. */
const recorded: readonly { readonly text: string; readonly value?: Tagged; readonly refused?: true }[] = JSON.parse(
  readFileSync(join(import.meta.dirname, 'yaml.json'), 'utf8'),
);

function tagged(value: Value): Tagged {
  if (value === null) return ['null'];
  if (typeof value === 'boolean') return ['bool', value];
  if (isList(value)) return ['list', value.map(tagged)];
  if (isDict(value)) return ['dict', [...value].map(([key, item]) => [tagged(key), tagged(item)])];
  if (value instanceof Float || (typeof value === 'number' && !Number.isInteger(value)))
    return ['float', Number(value)];
  return typeof value === 'string' ? ['str', value] : ['int', String(value)];
}

/** Python's `repr` of floats as numbers. */
function numbers(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  if (value[0] !== 'float') return value.map(numbers);
  return ['float', Number(String(value[1]).replace('inf', 'Infinity').replace('nan', 'NaN'))];
}

describe('YAML', () => {
  for (const { text, value, refused } of recorded) {
    it(`is read as PyYAML reads it: ${JSON.stringify(text)}`, () => {
      const findings = new Findings();
      const { documents } = readYaml(text, 'a.yml', findings);
      if (refused) expect(findings.faults).to.have.length(1);
      else {
        expect(findings.faults.map(({ message }) => message)).to.deep.equal([]);
        expect(tagged(documents[0] ?? null)).to.deep.equal(numbers(value));
      }
    });
  }
});
