import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { Fault } from '../../src/fault.ts';
import { join, quote, script, sh } from '../../src/shell/sh.ts';
import { SHELLS } from '../support/shells.ts';

describe('sh', () => {
  it('quotes a value as one word', () => {
    const path = "/tmp/a b'c";
    expect(sh`rm -f -- ${path}`.text).to.equal(`rm -f -- '/tmp/a b'\\''c'`);
  });

  it('leaves plain words as they are', () => {
    expect(sh`cat ${'/etc/os-release'} ${42}`.text).to.equal('cat /etc/os-release 42');
  });

  it('quotes the empty value', () => {
    expect(sh`[ -n ${''} ]`.text).to.equal(`[ -n '' ]`);
  });

  it('writes a list as one word each', () => {
    expect(sh`apt-get install ${['a b', 'c', 1]}`.text).to.equal(`apt-get install 'a b' c 1`);
    expect(sh`echo ${[]}`.text).to.equal('echo ');
  });

  it('nests fragments as they are', () => {
    expect(sh`if ${sh`test -e ${'a b'}`}; then ${script('echo $x')}; fi`.text).to.equal(
      `if test -e 'a b'; then echo $x; fi`,
    );
    expect(join([sh`a`, sh`b ${' '}`], ' && ').text).to.equal(`a && b ' '`);
  });

  it('keeps backslashes of the template', () => {
    expect(sh`printf '%s\n' ${'x'}`.text).to.equal(`printf '%s\\n' x`);
  });

  it('refuses a value inside quotes', () => {
    expect(() => sh`echo "${'x'}"`).to.throw(TypeError, 'quoted twice');
    expect(() => sh`echo '${'x'}'`).to.throw(TypeError, 'quoted twice');
    expect(() => sh`echo "a $(cat "b") ${'x'}"`).to.throw(TypeError, 'quoted twice');
  });

  it('takes a value in a substitution inside quotes', () => {
    expect(sh`echo "$(cat ${'a b'})"`.text).to.equal(`echo "$(cat 'a b')"`);
    expect(sh`echo "it's" ${'a b'} "\"" ${'c d'}`.text).to.equal(`echo "it's" 'a b' "\\"" 'c d'`);
  });

  it('refuses what no shell can hold', () => {
    expect(() => sh`echo ${'a\0b'}`)
      .to.throw(Fault)
      .with.property('code', 'shell-invalid');
  });

  for (const [name, argv] of SHELLS) {
    it(`hands any text through ${name} unchanged`, () => {
      const texts = randomTexts(300);
      const program = texts.map((text) => `printf '%s\\0' ${quote(text)}`).join('\n');
      const said = execFileSync(argv[0]!, [...argv.slice(1)], { input: program }).toString('utf8');
      expect(said.split('\0').slice(0, -1)).to.deep.equal(texts);
    });
  }
});

/** Made of what shells find special; the same ones on each run. */
function randomTexts(count: number): string[] {
  const pieces = [
    ...` '"\\$\`(){}[]<>|&;*?!~#=%^@-+,.:/\n\t\rabcé日😀`,
    '$(',
    '${',
    "'\\''",
    '$((1',
    '\\n',
    '!!',
    '--',
  ];
  let state = 42;
  const next = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return Array.from({ length: count }, () =>
    Array.from({ length: next(12) }, () => pieces[next(pieces.length)]!).join(''),
  );
}
