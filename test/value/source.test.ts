import { expect } from 'chai';
import { Findings } from '../../src/fault.ts';
import { inheritAll, whereOf } from '../../src/value/source.ts';
import type { Dict } from '../../src/value/value.ts';
import { readYaml } from '../../src/value/yaml.ts';

const read = (text: string, file: string): Dict => readYaml(text, file, new Findings()).documents[0] as Dict;

describe('where values stand', () => {
  it('is kept when mappings of several files are merged: the last that has a member tells its place', () => {
    const one = read('a: 1\nb: 2\n', 'one.yml');
    const two = read('\nb: 3\nc: 4\n', 'two.yml');
    const three = read('d: 5\n', 'three.yml');
    const merged = inheritAll(new Map([...one, ...two, ...three]), [
      inheritAll(new Map([...one, ...two]), [one, two]),
      three,
    ]);
    const places = ['a', 'b', 'c', 'd'].map((key) => whereOf(merged, key, 'key'));
    expect(places.map((place) => `${place?.file}:${place?.line}`)).to.deep.equal([
      'one.yml:1',
      'two.yml:2',
      'two.yml:3',
      'three.yml:1',
    ]);
    expect(whereOf(merged)?.file).to.equal('one.yml');
    expect(whereOf(inheritAll(new Map(), [new Map()]), 'a')).to.equal(undefined);
  });
});
