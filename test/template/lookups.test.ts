import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Fault } from '../../src/fault.ts';
import { isLookup, withLookup } from '../../src/template/lookups.ts';
import { layer, Scope, Templar } from '../../src/template/templar.ts';
import { fromPlain, toPlain, type Value } from '../../src/value/value.ts';

describe('lookups', () => {
  let directory: string;
  let templar: Templar;

  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'playbake-lookups-'));
    for (const folder of ['files', 'templates', 'vars']) mkdirSync(join(directory, folder));
    writeFileSync(join(directory, 'files', 'a.txt'), 'text of a\n\n');
    writeFileSync(join(directory, 'files', 'b.txt'), 'b');
    writeFileSync(join(directory, 'files', '.hidden.txt'), 'h');
    writeFileSync(join(directory, 'vars', 'Debian.yml'), 'x: 1');
    writeFileSync(join(directory, 'templates', 't.j2'), 'n is {{ n }}\n');
    writeFileSync(join(directory, 'files', 'people.csv'), 'key,name\nal,"Alice, A."\nbo,Bob\n');
    writeFileSync(join(directory, 'files', 'x.ini'), '[one]\nuser = me\nlong = a\n  b\n[two]\nuser=you\n');
    templar = new Templar({ searchPath: [directory] });
  });
  after(() => rmSync(directory, { recursive: true }));

  const scope = (variables: Readonly<Record<string, unknown>> = {}): Scope =>
    new Scope(templar, [layer(fromPlain(variables) as ReadonlyMap<Value, Value>)]);
  const evaluate = (expression: string, variables?: Readonly<Record<string, unknown>>): unknown =>
    toPlain(templar.evaluate(expression, scope(variables)));
  const loop = (name: string, terms: unknown, variables?: Readonly<Record<string, unknown>>): unknown =>
    toPlain(withLookup(name, fromPlain(terms), scope(variables), templar));
  const inside = (...names: readonly string[]): string => join(directory, ...names);
  const messageOf = (run: () => unknown): string => {
    try {
      run();
    } catch (error) {
      if (error instanceof Fault) return error.message;
      throw error;
    }
    return 'nothing was thrown';
  };

  it('read files of the search path', () => {
    expect(evaluate("lookup('file', 'a.txt')")).to.equal('text of a');
    expect(evaluate("lookup('file', 'a.txt', rstrip=false)")).to.equal('text of a\n\n');
    expect(evaluate("query('file', 'a.txt', 'b.txt')")).to.deep.equal(['text of a', 'b']);
    expect(messageOf(() => evaluate("lookup('file', 'nope')"))).to.match(
      /could not find the file 'nope'; looked at .*files/,
    );
    expect(evaluate("lookup('file', 'nope', errors='ignore')")).to.equal(null);
  });

  it('render template files, with variables of their own', () => {
    expect(evaluate("lookup('template', 't.j2')", { n: 1 })).to.equal('n is 1\n');
    expect(evaluate("lookup('template', 't.j2', template_vars={'n': 2})", { n: 1 })).to.equal('n is 2\n');
  });

  it('include templates from the search path, and from beside the including file', () => {
    const read = (text: string): string => templar.file(text, inside('vars', 'main.j2'), scope({ n: 3 }));
    expect(read("{% include 't.j2' %}")).to.equal('n is 3');
    expect(read("{% include 'Debian.yml' %}")).to.equal('x: 1');
    expect(messageOf(() => read("{% include 'nope' %}"))).to.equal("the template 'nope' is nowhere it was looked for");
  });

  it('find files', () => {
    expect(evaluate("query('fileglob', '*.txt')")).to.deep.equal([inside('files', 'a.txt'), inside('files', 'b.txt')]);
    expect(evaluate("lookup('fileglob', 'nope/*')")).to.deep.equal([]);
    expect(evaluate("lookup('first_found', ['no.yml', 'Debian.yml'])")).to.equal(inside('vars', 'Debian.yml'));
    expect(evaluate("query('first_found', ['no.yml'], skip=true)")).to.deep.equal([]);
    expect(evaluate("lookup('first_found', {'files': ['x', 'b.txt'], 'paths': ['.', 'files']})")).to.equal(
      inside('files', 'b.txt'),
    );
    expect(messageOf(() => evaluate("lookup('first_found', ['no.yml'])"))).to.match(/looked for no\.yml/);
  });

  it('read variables and the environment', () => {
    expect(evaluate("lookup('vars', 'a' ~ 1)", { a1: '{{ b }}', b: 2 })).to.equal(2);
    expect(evaluate("lookup('vars', 'nope', default='d')")).to.equal('d');
    expect(evaluate("via | default('d')", { via: "{{ lookup('vars', 'bad') }}", bad: '{{ nope }}' })).to.equal('d');
    expect(messageOf(() => evaluate("lookup('vars', 'nope')"))).to.equal('No variable found with this name: nope');
    expect(evaluate("query('varnames', '^a.')", { a1: 1, a2: 1, b: 1 })).to.deep.equal(['a1', 'a2']);
    expect(evaluate("lookup('env', 'PLAYBAKE_NOT_SET', default='d')")).to.equal('d');
    expect(evaluate("lookup('env', 'PATH') | length > 0")).to.equal(true);
    const groups = { all: ['a', 'b', 'c'], web: ['a', 'b'], db: ['c'] };
    expect(evaluate("query('inventory_hostnames', 'all:!web')", { groups })).to.deep.equal(['c']);
  });

  it('run commands', () => {
    expect(evaluate("lookup('pipe', 'echo \"a b\"; pwd')")).to.equal(`a b\n${directory}`);
    expect(evaluate("query('lines', 'printf \"a\\nb\\n\"')")).to.deep.equal(['a', 'b']);
    expect(messageOf(() => evaluate("lookup('pipe', 'exit 3')"))).to.match(/the command of a lookup failed/);
  });

  it('read tables', () => {
    expect(evaluate("lookup('csvfile', 'al', file='people.csv', delimiter=',')")).to.equal('Alice, A.');
    expect(evaluate("lookup('csvfile', 'bo file=people.csv delimiter=,')")).to.equal('Bob');
    expect(evaluate("lookup('ini', 'user', section='two', file='x.ini')")).to.equal('you');
    expect(evaluate("lookup('ini', 'long section=one file=x.ini')")).to.equal('a\nb');
  });

  it('make passwords, keep them privately, and give the kept one again', () => {
    const path = inside('secret', 'password');
    const first = evaluate(`lookup('password', '${path} length=12 chars=digits')`);
    expect(first).to.match(/^\d{12}$/);
    expect(evaluate(`lookup('password', '${path} length=30')`)).to.equal(first);
    expect(statSync(path).mode & 0o777).to.equal(0o600);
    const hashed = evaluate(`lookup('password', '${path} encrypt=md5_crypt')`);
    expect(hashed).to.match(/^\$1\$/);
    expect(evaluate(`lookup('password', '${path} encrypt=md5_crypt')`)).to.equal(hashed);
    expect(readFileSync(path, 'utf8')).to.match(/^\d{12} salt=\S+\n$/);
    expect(evaluate("lookup('password', '/dev/null length=3')")).not.to.equal(
      evaluate("lookup('password', '/dev/null length=30')"),
    );
    expect(evaluate("lookup('password', '/dev/null seed=x length=8')")).to.equal(
      evaluate("lookup('password', '/dev/null seed=x length=8')"),
    );
  });

  it('that nobody knows are a fault', () => {
    expect(messageOf(() => evaluate("lookup('fil', 'x')"))).to.equal(
      "the lookup 'fil' is not known; did you mean 'file'?",
    );
    expect(isLookup('ansible.builtin.file') && isLookup('items') && !isLookup('foo')).to.equal(true);
  });

  describe('as loops', () => {
    it('items: text is one item, lists flatten one level', () => {
      expect(loop('items', 'a')).to.deep.equal(['a']);
      expect(loop('items', '{{ l }}', { l: [1, [2, [3]]] })).to.deep.equal([1, 2, [3]]);
      expect(loop('items', ['{{ l }}', 'x'], { l: [1, 2] })).to.deep.equal([1, 2, 'x']);
      expect(loop('ansible.builtin.list', '{{ l }}', { l: [1, [2]] })).to.deep.equal([1, [2]]);
      expect(loop('community.general.flattened', '{{ l }}', { l: [1, [2, [3]]] })).to.deep.equal([1, 2, 3]);
    });

    it('dict, indexed_items, sequence', () => {
      expect(loop('dict', '{{ d }}', { d: { a: 1 } })).to.deep.equal([{ key: 'a', value: 1 }]);
      expect(loop('dict', { a: '{{ n }}' }, { n: 1 })).to.deep.equal([{ key: 'a', value: 1 }]);
      expect(loop('indexed_items', ['a', ['b']])).to.deep.equal([
        [0, 'a'],
        [1, 'b'],
      ]);
      expect(loop('sequence', 'start=1 end={{ n }} format=h%02d', { n: 2 })).to.deep.equal(['h01', 'h02']);
      expect(loop('sequence', 'count=4 stride=2')).to.deep.equal(['1', '3', '5', '7']);
      expect(loop('sequence', 'start=3 end=1 stride=-1')).to.deep.equal(['3', '2', '1']);
      expect(loop('sequence', 'start=1 count=0')).to.deep.equal([]);
    });

    it('nested, together, subelements, random_choice', () => {
      expect(loop('nested', [['a'], '{{ l }}'], { l: [1, 2] })).to.deep.equal([
        ['a', 1],
        ['a', 2],
      ]);
      expect(loop('cartesian', ['{{ l }}', ['x']], { l: [1] })).to.deep.equal([[1, 'x']]);
      expect(loop('together', ['{{ l }}', ['x']], { l: [1, 2] })).to.deep.equal([
        [1, 'x'],
        [2, null],
      ]);
      const users = [{ n: 'a', keys: [1, 2] }, { n: 'b' }];
      expect(loop('subelements', ['{{ users }}', 'keys', { skip_missing: true }], { users })).to.deep.equal([
        [{ n: 'a' }, 1],
        [{ n: 'a' }, 2],
      ]);
      expect(messageOf(() => loop('subelements', ['{{ users }}', 'keys'], { users }))).to.match(
        /could not find 'keys'/,
      );
      expect(loop('random_choice', '{{ l }}', { l: [1, 1] })).to.deep.equal([1]);
    });

    it('files: file, fileglob, first_found that passes over what is undefined', () => {
      expect(loop('file', ['b.txt'])).to.deep.equal(['b']);
      expect(loop('fileglob', ['a*.txt'])).to.deep.equal([inside('files', 'a.txt')]);
      expect(loop('first_found', ['{{ nope }}.yml', '{{ os }}.yml'], { os: 'Debian' })).to.deep.equal([
        inside('vars', 'Debian.yml'),
      ]);
      expect(loop('first_found', [{ files: ['{{ os }}.yml'], paths: ['vars'] }], { os: 'Debian' })).to.deep.equal([
        inside('vars', 'Debian.yml'),
      ]);
    });

    it('fail with the place', () => {
      const where = { file: 'play.yml', line: 4, column: 5 };
      const run = (): unknown => withLookup('sequence', 'start=a', scope(), templar, where);
      expect(run).to.throw(Fault).with.property('where', where);
    });
  });
});
