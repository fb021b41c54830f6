import { expect } from 'chai';
import { Fault, Findings } from '../../src/fault.ts';
import { type Layer, layer, Scope, Templar } from '../../src/template/templar.ts';
import { whereOf } from '../../src/value/source.ts';
import { Float, fromPlain, toPlain, Unsafe, type Value } from '../../src/value/value.ts';
import { readYaml } from '../../src/value/yaml.ts';

const templar = new Templar();

function scope(...layers: (Layer | Readonly<Record<string, unknown>>)[]): Scope {
  return new Scope(
    templar,
    layers.map((one) => (isLayer(one) ? one : layer(fromPlain(one) as ReadonlyMap<Value, Value>))),
  );
}

const isLayer = (one: object): one is Layer => 'templated' in one;

const render = (value: unknown, variables: Readonly<Record<string, unknown>> = {}): unknown =>
  toPlain(templar.render(fromPlain(value), scope(variables)));

function faultOf(run: () => unknown): Fault {
  try {
    run();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('rendering', () => {
  it('keeps the native type of a lone expression, and makes text of several', () => {
    expect(render('{{ n }}', { n: 1 })).to.equal(1);
    expect(render('{{ n }}{{ n }}', { n: 1 })).to.equal('11');
    expect(render('{{ list + [3] }}', { list: [1, 2] })).to.deep.equal([1, 2, 3]);
    expect(render('a {{ {} }}')).to.equal('a {}');
  });

  it('goes deep, keys too, and leaves Unsafe text and data without templates as they are', () => {
    expect(render({ 'k{{ n }}': ['{{ n }}', { x: '{{ n + 1 }}' }] }, { n: 1 })).to.deep.equal({ k1: [1, { x: 2 }] });
    const plain: Value = ['a', new Unsafe('{{ n }}')];
    expect(templar.render(plain, scope({}))).to.equal(plain);
  });

  it('never renders a result again', () => {
    expect(render('{{ a }}', { a: "{{ '{' ~ '{ 1 }' ~ '}' }}" })).to.equal('{{ 1 }}');
    const text = new Map<Value, Value>([['u', new Unsafe('{{ 1 }}')]]);
    expect(templar.render('{{ u }}!', scope(layer(text)))).to.equal('{{ 1 }}!');
  });

  it('keeps None apart from what is not there', () => {
    const variables = { d: { none: null }, list: [null, 1] };
    expect(render("{{ d.none is none and d['none'] is none }}", variables)).to.equal(true);
    expect(render("{{ d.get('none', 'x') is none }}", variables)).to.equal(true);
    expect(render('{{ (list | first) is none and list[0] is none }}', variables)).to.equal(true);
    expect(render("{{ d.none | default('x') is none }}", variables)).to.equal(true);
  });

  it('tells floats from integers and keeps the digits of large integers', () => {
    expect(templar.render('{{ 1.0 }}', scope({}))).to.deep.equal(new Float(1));
    expect(render('v{{ 1.0 }} {{ 3 / 3 }} {{ 7 // 2 }} {{ 2 ** 64 }}')).to.equal('v1.0 1.0 3 18446744073709551616');
    expect(templar.render('{{ 9007199254740993 + 0 }}', scope({}))).to.equal(9007199254740993n);
  });

  it('does not change variables by methods that work in place', () => {
    const variables = scope({ list: [1], dict: { a: { b: [] } } });
    expect(templar.file('{% set _ = list.append(2) %}{{ list }}', 'x.j2', variables)).to.equal('[1, 2]');
    expect(templar.file('{% set _ = dict.a.b.append(1) %}{{ dict }}', 'x.j2', variables)).to.equal("{'a': {'b': [1]}}");
    expect(toPlain(variables.get('list')!)).to.deep.equal([1]);
    expect(toPlain(variables.get('dict')!)).to.deep.equal({ a: { b: [] } });
  });
});

describe('variables', () => {
  it('are rendered through each other, natively, and only when they are read', () => {
    const variables = { a: '{{ b + 1 }}', b: '{{ c }}', c: 1, broken: '{{ nope.x }}' };
    expect(render('{{ a }}', variables)).to.equal(2);
    expect(render("{{ broken | default('d') }}", variables)).to.equal('d');
    expect(render('{{ broken is defined }}', variables)).to.equal(false);
  });

  it('render the items of containers one by one', () => {
    const variables = { d: { ok: '{{ n }}', bad: '{{ nope }}' }, n: 1, list: ['{{ nope }}', '{{ n }}'] };
    expect(render('{{ d.ok + list[1] }}', variables)).to.equal(2);
    expect(render("{{ d.bad | default('x') }}", variables)).to.equal('x');
    expect(faultOf(() => render('{{ d }}', variables)).message).to.equal("'nope' is undefined");
  });

  it('are asked for once, and each template is rendered once', () => {
    const asked: string[] = [];
    const values = new Map<string, Value>([
      ['a', '{{ b }}'],
      ['b', 'text'],
    ]);
    const counting: Layer = {
      templated: true,
      names: () => values.keys(),
      get: (name) => {
        asked.push(name);
        return values.get(name);
      },
    };
    const variables = scope(counting);
    templar.render('{{ a }}{{ a }}', variables);
    templar.render('{{ a }}', variables);
    expect(asked).to.deep.equal(['a', 'b']);
  });

  it('take the nearest layer, and final layers are never templates', () => {
    const final = layer({ f: '{{ a }}', deep: fromPlain({ x: '{{ a }}' }) }, { templated: false });
    const variables = scope(final, { a: 1, f: 'far' });
    expect(variables.get('f')).to.equal('{{ a }}');
    expect(templar.render('{{ f }} {{ deep.x }}', variables)).to.equal('{{ a }} {{ a }}');
    expect(variables.with(layer({ a: 2 })).get('a')).to.equal(2);
    expect(variables.with(layer({ a: 2 })).raw('f')).to.equal('{{ a }}');
    expect(variables.names()).to.have.members(['f', 'deep', 'a']);
  });

  it('see nearer names in a child scope also from variables of the parent', () => {
    const parent = scope({ greeting: 'hi {{ item }}', item: 'nobody' });
    expect(parent.get('greeting')).to.equal('hi nobody');
    expect(parent.with(layer({ item: 'you' }, { templated: false })).get('greeting')).to.equal('hi you');
  });

  it('that read themselves are a fault', () => {
    for (const variables of [{ a: '{{ b }}', b: '{{ a }}' }, { a: { x: '{{ a.x }}' } }, { a: '{{ a }}' }]) {
      expect(faultOf(() => render('{{ a.x }}', variables)).message).to.match(/^recursive loop/);
    }
  });

  it('are all in vars', () => {
    expect(render("{{ vars['a' ~ 1] + vars.b }}", { a1: '{{ b }}', b: 2 })).to.equal(4);
  });
});

describe('what a layer throws', () => {
  class Pending extends Error {}

  function unfinished(): { readonly variables: Scope; finish(): void } {
    let value: Value | undefined;
    const results: Layer = {
      templated: false,
      names: () => ['result'],
      get: (name) => {
        if (name !== 'result') return undefined;
        if (value === undefined) throw new Pending();
        return value;
      },
    };
    const variables = scope(results, {
      direct: '{{ result.rc }}',
      through: ['{{ direct }}', { deep: '{{ direct }}' }],
      guarded: "{{ result.rc | default('none') }}",
    });
    return {
      variables,
      finish: () => {
        value = fromPlain({ rc: 0 });
      },
    };
  }

  for (const expression of [
    'result',
    'direct',
    'through[1].deep',
    'guarded',
    'result is defined',
    "lookup('vars', 'direct', default=1)",
    "lookup('vars', 'direct', errors='ignore')",
    "[1] | map('extract', [result]) | list",
  ]) {
    it(`passes through ${expression}, and nothing wrong is remembered`, () => {
      const { variables, finish } = unfinished();
      for (let i = 0; i < 2; i++) expect(() => templar.evaluate(expression, variables)).to.throw(Pending);
      expect(() => variables.get('through')).to.throw(Pending);
      finish();
      expect(toPlain(variables.get('through')!)).to.deep.equal([0, { deep: 0 }]);
      expect(templar.evaluate('guarded', variables)).to.equal(0);
    });
  }
});

describe('conditions', () => {
  it('are expressions, booleans, or lists of which all hold', () => {
    const variables = scope({ n: 1 });
    expect(templar.condition('n == 1', variables)).to.equal(true);
    expect(templar.condition(['n == 1', 'n > 1'], variables)).to.equal(false);
    expect(templar.condition([true, 'n is defined'], variables)).to.equal(true);
    expect(templar.condition([], variables)).to.equal(true);
  });

  it('that are not boolean are taken by truth, with a warning', () => {
    const warnings: Fault[] = [];
    const warning = new Templar({ onWarning: (fault) => warnings.push(fault) });
    const where = { file: 'play.yml', line: 3, column: 7 };
    expect(warning.condition('[]', new Scope(warning, []), where)).to.equal(false);
    expect(warnings.map(({ code, where: place }) => [code, place])).to.deep.equal([['condition-not-boolean', where]]);
  });

  it('with braces work, with a warning, and what they give is no way to the lookups', () => {
    const warnings: Fault[] = [];
    const warning = new Templar({ onWarning: (fault) => warnings.push(fault) });
    const variables = new Scope(warning, [layer({ on: true, data: "lookup('pipe', 'true') == ''" })]);
    expect(warning.condition('{{ on }}', variables)).to.equal(true);
    expect(warnings.map(({ code }) => code)).to.deep.equal(['condition-braces']);
    expect(faultOf(() => warning.condition('{{ data }}', variables)).message).to.match(/lookups are not allowed/);
  });
});

describe('faults', () => {
  const yaml = [
    'packages: [a]',
    'dir: "{{ base }}/x"',
    "quoted: '{{ 1 +  nope }}'",
    'block: |',
    '  first line',
    '  and {{ nope.x }} here',
    'nested:',
    '  - k: "{{ 1 | nofilter }}"',
    'folded: >-',
    '  one two',
    '  three {{ nope }}',
    '',
  ].join('\n');
  const deep = `deep:\n${'  - {x: "a text that is long enough"}\n'.repeat(40)}  - {x: '{{ nope }}'}\n`;
  const findings = new Findings();
  const document = readYaml(yaml, 'vars.yml', findings).documents[0] as ReadonlyMap<Value, Value>;
  const variables = new Scope(templar, [layer(document)]);
  const placeOf = (run: () => unknown): readonly unknown[] => {
    const { message, where } = faultOf(run);
    return [message, where?.file, where?.line, where?.column];
  };

  it('say what is undefined, where it stands, and what was meant', () => {
    const fault = faultOf(() => variables.get('dir'));
    expect([fault.code, fault.message]).to.deep.equal(['template-undefined', "'base' is undefined"]);
    expect([fault.where?.line, fault.where?.column]).to.deep.equal([2, 10]);
    expect(faultOf(() => templar.evaluate('package[0]', variables)).hint).to.equal("did you mean 'packages'?");
    expect(faultOf(() => templar.evaluate("{'name': 1}.nmae", variables)).hint).to.equal("did you mean 'name'?");
  });

  it('stand where a variable is read, when its own template stands in no file', () => {
    const nowhere = new Scope(templar, [layer({ dir: '{{ base }}/x', deep: fromPlain([{ x: '{{ nope }}' }]) })]);
    const file = { file: 'play.yml', text: 'a: b\nname: "in {{ dir }}"\n', line: 2, column: 7 };
    const fault = faultOf(() => templar.render('in {{ dir }}', nowhere, file));
    expect([fault.message, fault.hint]).to.deep.equal(["'base' is undefined", "the variable 'dir' reads it"]);
    expect([fault.where?.line, fault.where?.column]).to.deep.equal([2, 14]);
    expect(faultOf(() => templar.evaluate('deep[0].x', nowhere)).hint).to.equal("the variable 'deep' reads it");
  });

  it('stand at their line and column in quoted, block and nested texts', () => {
    expect(placeOf(() => variables.get('quoted'))).to.deep.equal(["'nope' is undefined", 'vars.yml', 3, 18]);
    expect(placeOf(() => variables.get('block'))).to.deep.equal(["'nope' is undefined", 'vars.yml', 6, 10]);
    expect(placeOf(() => variables.get('folded'))).to.deep.equal(["'nope' is undefined", 'vars.yml', 11, 12]);
    expect(placeOf(() => templar.render(document, variables, whereOf(document))).slice(1, 3)).to.deep.equal([
      'vars.yml',
      2,
    ]);
    const nested = document.get('nested')!;
    expect(placeOf(() => templar.render(nested, variables))).to.deep.equal([
      "No filter named 'nofilter'.",
      'vars.yml',
      8,
      16,
    ]);
  });

  it('stand at the item of a long list that fails', () => {
    const value = readYaml(deep, 'deep.yml', new Findings()).documents[0] as ReadonlyMap<Value, Value>;
    const run = (): unknown => new Scope(templar, [layer(value)]).get('deep');
    expect(placeOf(run)).to.deep.equal(["'nope' is undefined", 'deep.yml', 42, 13]);
  });

  it('stand at the failing place of another variable, not where that is used', () => {
    const where = { file: 'play.yml', line: 9, column: 3 };
    expect(placeOf(() => templar.render('{{ dir }}', variables, where))).to.deep.equal([
      "'base' is undefined",
      'vars.yml',
      2,
      10,
    ]);
  });

  it('stand at line and column of template files, also after a header', () => {
    const place = (text: string): readonly unknown[] => placeOf(() => templar.file(text, 'a.j2', variables)).slice(1);
    expect(place('one\ntwo {{ nope }}\n')).to.deep.equal(['a.j2', 2, 8]);
    expect(place('#jinja2: trim_blocks: False\n\n {{ nope }}')).to.deep.equal(['a.j2', 3, 5]);
    expect(place('{% if 1 %}\n  {{ 1 / 0 }}\n{% endif %}')).to.deep.equal(['a.j2', 2, 8]);
    expect(place('ok\n{% for %}')).to.deep.equal(['a.j2', 2, 8]);
  });

  it('name what was looked up where', () => {
    const message = (expression: string): string => faultOf(() => templar.evaluate(expression, variables)).message;
    expect(message('packages.foo')).to.equal("'list object' has no attribute 'foo'");
    expect(message('packages[3]')).to.equal("'list object' has no element 3");
    expect(message("{'a': 1}.b")).to.equal("'dict object' has no attribute 'b'");
    expect(message("{'a': 1}['b'] ~ 'x'")).to.equal("'dict object' has no attribute 'b'");
  });

  it('of syntax are found without evaluating', () => {
    const text = 'ok: "{{ nope }}"\nbad: "{{ 1 + }}"\nlist:\n  - "{% if %}"\n';
    const value = readYaml(text, 'play.yml', new Findings()).documents[0]!;
    const faults = templar.check(value).map(({ code, where }) => [code, where?.line]);
    expect(faults).to.deep.equal([
      ['template-syntax', 2],
      ['template-syntax', 4],
    ]);
    expect(templar.checkCondition(['a ==', 'b']).map(({ code }) => code)).to.deep.equal(['template-syntax']);
  });
});

describe('safety', () => {
  it('has no way to JavaScript', () => {
    const names = [
      'constructor',
      '__proto__',
      'prototype',
      'toString',
      'valueOf',
      'call',
      'apply',
      'bind',
      'size',
      'then',
    ];
    const objects = [
      "'x'",
      '[1]',
      '{}',
      '1',
      '1.0',
      'range',
      'namespace()',
      'now()',
      "'a'.split",
      'cycler(1)',
      'dict',
      'lookup',
    ];
    for (const object of objects) {
      for (const name of names) {
        for (const read of [`(${object}).${name}`, `(${object})['${name}']`, `((${object}) | attr('${name}'))`]) {
          expect(templar.evaluate(`${read} is defined`, scope({})), read).to.equal(false);
        }
        const mapped = `[${object}] | map(attribute='${name}') | select('defined') | list`;
        expect(toPlain(templar.evaluate(mapped, scope({}))), mapped).to.deep.equal([]);
      }
    }
  });

  it('ends what would not end', () => {
    for (const expression of ["'a' * 999999999999", 'range(99999999)', '2 ** 99999999', '[1] * 999999999']) {
      expect(faultOf(() => templar.evaluate(expression, scope({}))).code, expression).to.equal('template-error');
    }
    const macro = '{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}';
    expect(faultOf(() => templar.file(macro, 'x.j2', scope({}))).message).to.match(/recursion|nested too deeply/);
  });

  it('hands JMESPath data only', () => {
    expect(templar.evaluate("{'a': {'b': 1}} | json_query('a.b')", scope({}))).to.equal(1);
    for (const name of ['constructor', '__proto__', 'toString']) {
      expect(templar.evaluate(`{'a': 1} | json_query('${name}')`, scope({})), name).to.equal(null);
    }
  });
});
