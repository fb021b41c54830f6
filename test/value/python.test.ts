/** Python's semantics on JavaScript's values. */

import { expect } from 'chai';
import { calculate, tupleOf } from '../../src/value/arithmetic.ts';
import { compare, contains, equal } from '../../src/value/compare.ts';
import { dictGet, dictOf } from '../../src/value/dict.ts';
import { readJson, writeJson } from '../../src/value/json.ts';
import { repr, str, typeName } from '../../src/value/text.ts';
import { truthy } from '../../src/value/truth.ts';
import { Float, Unsafe, type Value } from '../../src/value/value.ts';
import { writeYaml } from '../../src/value/yaml-dump.ts';

const map = (...entries: readonly (readonly [Value, Value])[]): ReadonlyMap<Value, Value> => new Map(entries);

describe('text of values', () => {
  it('is as Python prints it', () => {
    expect(str([true, null, 1, new Float(1), 1.5, "it's", map(['k', tupleOf([1]) as Value])])).to.equal(
      `[True, None, 1, 1.0, 1.5, "it's", {'k': (1,)}]`,
    );
    expect([1e16, 1e15, 1e-5, 0.0001, -0, Number.NaN, Number.POSITIVE_INFINITY].map((n) => str(n))).to.deep.equal([
      '10000000000000000',
      '1000000000000000',
      '1e-05',
      '0.0001',
      '0',
      'nan',
      'inf',
    ]);
    expect(str(new Float(1e16))).to.equal('1e+16');
    expect(repr('a\n\t\\\x01\u00a0é')).to.equal("'a\\n\\t\\\\\\x01\\xa0é'");
    expect(str(new Unsafe('{{ x }}'))).to.equal('{{ x }}');
    expect([null, 'a', true, 1, 1n, new Float(1), [], map()].map(typeName)).to.deep.equal([
      'NoneType',
      'str',
      'bool',
      'int',
      'int',
      'float',
      'list',
      'dict',
    ]);
  });
});

describe('comparison', () => {
  it('takes 1, 1.0 and True for equal, also as keys', () => {
    expect(equal(1, new Float(1)) && equal(1, true) && equal(10n ** 20n, 1e20)).to.equal(true);
    expect(equal(10n ** 20n + 1n, 1e20)).to.equal(false);
    expect(equal('1', 1) || equal([1], tupleOf([1]))).to.equal(false);
    expect(dictGet(map([1, 'one']), true)).to.equal('one');
    expect(dictGet(dictOf([[tupleOf([1, 2]), 'pair']]), tupleOf([1, 2]))).to.equal('pair');
    expect(equal(map(['a', 1], ['b', 2]), map(['b', 2], ['a', new Float(1)]))).to.equal(true);
  });

  it('orders numbers exactly, text by code points, lists item by item, and nothing else', () => {
    expect(compare(2n ** 60n, 2 ** 60 + 256)).to.be.below(0);
    expect(compare('\uffff', '\u{10000}')).to.be.below(0);
    expect(compare([1, 2], [1, 3])).to.be.below(0);
    expect(() => compare('a', 1)).to.throw("'<' not supported between instances of 'str' and 'int'");
    expect(contains([1, 'a'], new Float(1))).to.equal(true);
    expect(() => contains('abc', 1)).to.throw('requires string as left operand');
  });

  it('knows what is true', () => {
    expect([0, '', [], map(), null, new Float(0), 0n].some(truthy)).to.equal(false);
    expect([1, 'false', [0], map([0, 0]), -1n].every(truthy)).to.equal(true);
  });
});

describe('arithmetic', () => {
  it('keeps digits and types', () => {
    expect(calculate('*', 2 ** 52, 2 ** 52)).to.equal(2n ** 104n);
    expect(calculate('-', 2n ** 60n, 2n ** 60n - 1n)).to.equal(1);
    expect(calculate('/', 4, 2)).to.deep.equal(new Float(2));
    expect(calculate('//', -7, 2)).to.equal(-4);
    expect(calculate('%', -7, 3)).to.equal(2);
    expect(() => calculate('+', 'a', 1)).to.throw('can only concatenate str (not "int") to str');
  });
});

describe('JSON', () => {
  it('keeps the order of keys, floats and large integers', () => {
    const text = '{"10": 1, "2": 1.0, "a": 12345678901234567890, "__proto__": [1e3, "1.5", "\\"7\\":"]}';
    expect(writeJson(readJson(text))).to.equal(
      '{"10": 1, "2": 1.0, "a": 12345678901234567890, "__proto__": [1000.0, "1.5", "\\"7\\":"]}',
    );
    expect(() => readJson('{"a": }')).to.throw(SyntaxError);
    expect(() => readJson('01')).to.throw(SyntaxError);
  });

  it('is written in Python’s styles', () => {
    const value = map(['b', ['é', null]], ['a', map()]);
    expect(writeJson(value)).to.equal('{"b": ["\\u00e9", null], "a": {}}');
    expect(writeJson(value, { indent: 2, sort: true, ascii: false })).to.equal(
      '{\n  "a": {},\n  "b": [\n    "é",\n    null\n  ]\n}',
    );
  });
});

describe('YAML', () => {
  it('quotes what would be read as something else', () => {
    expect(writeYaml(['yes', '1', '', 'a: b', 'x', 1, new Float(1), null, true, '#'])).to.equal(
      "- 'yes'\n- '1'\n- ''\n- 'a: b'\n- x\n- 1\n- 1.0\n- null\n- true\n- '#'\n",
    );
  });

  it('has the styles of PyYAML', () => {
    const value = map(['b', [1, [2, 3]]], ['a', map(['x', [map(['y', 1], ['z', []])]])]);
    expect(writeYaml(value)).to.equal('a:\n  x:\n  - y: 1\n    z: []\nb:\n- 1\n- - 2\n  - 3\n');
    expect(writeYaml(value, { indent: 4, sort: false, flow: 'leaves' })).to.equal(
      'b:\n- 1\n- [2, 3]\na:\n    x:\n    -   y: 1\n        z: []\n',
    );
    expect(writeYaml(value, { flow: 'all' })).to.equal('{a: {x: [{y: 1, z: []}]}, b: [1, [2, 3]]}\n');
  });
});
