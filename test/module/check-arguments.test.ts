import { Ajv } from 'ajv';
import { expect } from 'chai';
import { Findings } from '../../src/fault.ts';
import { checkArguments, coerceArguments } from '../../src/module/check-arguments.ts';
import { coerceLiteral, Wrong } from '../../src/module/coerce.ts';
import { isModule } from '../../src/module/load-module.ts';
import { type Arg, type Module, module } from '../../src/module/module.ts';
import { schemaOf } from '../../src/module/schema.ts';
import { type Dict, Float, fromPlain, isDict, type Plain } from '../../src/value/value.ts';
import { parseYaml } from '../../src/value/yaml.ts';

const typed: unknown = module({
  doc: 'A sample.',
  args: {
    path: { type: 'path', required: true, alias: ['dest', 'name'], doc: 'Where.' },
    mode: { type: 'mode', doc: 'Permissions.' },
    force: { type: 'boolean', default: false, doc: 'Even so.' },
    timeout: { type: 'int', default: 10, doc: 'Seconds.' },
    state: { type: 'enum', of: ['present', 'absent'], default: 'present', doc: 'What holds.' },
    groups: { type: 'list', of: 'string', doc: 'Which.' },
    headers: { type: 'dict', doc: 'More.' },
    password: { type: 'int', secret: true, doc: 'Never shown.' },
  },
  unsupported: { setype: 'SELinux types are not set' },
  examples: '',
  verify: ({ state, force }) => (state === 'absent' && force ? 'force and state=absent exclude each other' : undefined),
  plan: () => [],
});

const sample = plainModule(typed);

function plainModule(value: unknown): Module {
  if (!isModule(value)) throw new Error('not a module');
  return value;
}

function yaml(text: string): Dict {
  const value = parseYaml(text, 'p.yml', new Findings());
  if (!isDict(value)) throw new Error('a mapping is needed');
  return value;
}

const faults = (text: string, partial = false) =>
  checkArguments('sample', sample, yaml(text), { where: undefined, partial }).map(
    (fault) =>
      `${fault.where?.line}:${fault.where?.column} ${fault.code}: ${fault.message}${fault.hint ? ` (${fault.hint})` : ''}`,
  );

describe('module arguments', () => {
  it('are coerced as Ansible does, with defaults, by their main names', () => {
    const args = yaml('dest: ~/a\nmode: 0644\nforce: "Yes"\ntimeout: " 5 "\ngroups: a, b\nheaders: x=1 y="2 3"\n');
    expect(coerceArguments('sample', sample, args, undefined)).to.deep.equal({
      path: '~/a',
      mode: '0644',
      force: true,
      timeout: 5,
      state: 'present',
      groups: ['a', ' b'],
      headers: { x: '1', y: '2 3' },
    });
    expect(
      coerceArguments('sample', sample, yaml('path: 5\nmode: 644\nforce:\nheaders: \'{"a": 1}\''), undefined),
    ).to.include({
      path: '5',
      mode: '01204',
      force: false,
    });
  });

  it('are all judged at once, each with its place', () => {
    expect(faults('modee: 1\nforce: maybe\nstate: here\nsetype: x\ntimeout: [1]\nmode: rw\n')).to.deep.equal([
      '1:1 argument-unknown: sample has no argument "modee" (did you mean "mode"?)',
      '2:8 argument-invalid: sample: force must be true or false (yes, no, on, off, 1, 0 …), not "maybe"',
      '3:8 argument-invalid: sample: state must be one of present, absent, not "here"',
      '4:1 argument-unsupported: sample: setype is not supported: SELinux types are not set',
      '5:10 argument-invalid: sample: timeout must be a whole number',
      '6:7 argument-invalid: sample: mode must be permissions such as "0644" or "u=rw,g=r,o=", not "rw"',
      '1:1 argument-missing: sample needs the argument "path" (or dest, name)',
    ]);
  });

  it('that exclude each other are a fault', () => {
    expect(faults('path: /a\nstate: absent\nforce: yes')).to.deep.equal([
      '1:1 argument-invalid: sample: force and state=absent exclude each other',
    ]);
  });

  it('with templates wait until they are rendered', () => {
    expect(faults('path: "{{ p }}"\ntimeout: "{{ t }}"\nheaders: "{{ h }}"\nstate: "{{ s }}"', true)).to.deep.equal([]);
    expect(faults('path: "{{ p }}"\nstate: here', true)).to.have.length(1);
  });

  it('that are secret are not shown in faults', () => {
    expect(faults('path: /a\npassword: hunter2')).to.deep.equal([
      '2:11 argument-invalid: sample: password must be a whole number',
    ]);
  });
});

describe('module schemas', () => {
  const kinds: readonly Arg[] = [
    { type: 'string', doc: '' },
    { type: 'path', doc: '' },
    { type: 'mode', doc: '' },
    { type: 'boolean', doc: '' },
    { type: 'int', doc: '' },
    { type: 'float', doc: '' },
    { type: 'list', doc: '' },
    { type: 'list', of: 'int', doc: '' },
    { type: 'list', of: 'dict', doc: '' },
    { type: 'list', of: 'raw', doc: '' },
    { type: 'dict', doc: '' },
    { type: 'raw', doc: '' },
    { type: 'enum', of: ['no', 'yes', 'dist'], doc: '' },
    { type: 'enum', of: ['yes', 'on', '10'], doc: '' },
  ];
  const values: readonly Plain[] = [
    'text', '', ' 7 ', '-3', '1_000', '1.5', '1e3', '.5', '0644', '0o755', 'u=rwX,g-w', 'a', 'preserve', 'yes', 'No', ' TRUE ', 'y',
    'off', '1', '0', 'maybe', 'a,b', '1,2', '1,x', 'a=b c=d', 'a=b', 'True', 'dist', '10', 0, 1, 2, 10, -1, 420, 1.5, true, false,
    [], ['a'], [1, '2'], [['a']], [{ a: 1 }], ['a=1'], { a: 1 }, {},
  ]; // biome-ignore format: a table
  for (const arg of kinds) {
    it(`of ${arg.type} ${'of' in arg ? arg.of : ''} and the checker agree`, () => {
      const accepts = new Ajv({ allowUnionTypes: true }).compile(
        schemaOf('one', { doc: '', args: { it: arg }, examples: '', plan: () => [] }),
      );
      for (const value of values) {
        const checked = !(coerceLiteral(arg, fromPlain(value)) instanceof Wrong);
        expect(accepts({ it: value }), JSON.stringify(value)).to.equal(checked);
      }
    });
  }

  it('know required arguments by any of their names, and no others', () => {
    const accepts = new Ajv({ allowUnionTypes: true }).compile(schemaOf('sample', sample));
    expect(accepts({ path: '/a' })).to.equal(true);
    expect(accepts({ dest: '/a', mode: '{{ mode }}' })).to.equal(true);
    expect(accepts({})).to.equal(false);
    expect(accepts({ path: null })).to.equal(false);
    expect(accepts({ path: '/a', nope: 1 })).to.equal(false);
  });

  it('leave floats what they are', () => {
    expect(coerceLiteral({ type: 'value', doc: '' }, new Float(1))).to.be.instanceOf(Float);
  });
});
