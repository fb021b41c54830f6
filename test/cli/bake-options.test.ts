import { expect } from 'chai';
import { parseBakeArguments } from '../../src/cli/bake-options.ts';
import { Fault } from '../../src/fault.ts';

const parse = (...args: string[]) => parseBakeArguments(args, () => {});

describe('cli: the options of bake', () => {
  it('are none by default', () => {
    expect(parse('app.yml')).to.deep.equal({
      verb: 'bake',
      word: 'app.yml',
      options: { inventory: [], extraVars: [], tags: [], skipTags: [], test: true, onError: 'undo', verbose: 0 },
    });
  });

  it('may be many', () => {
    const args = [
      'app',
      '-i',
      'a',
      '-e',
      'x=1',
      '-e',
      '@f',
      '-t',
      'a,b',
      '--no-test',
      '--on-error',
      'ask',
      '--name',
      'n',
      '-vv',
    ];
    expect(parse(...args)?.options).to.deep.equal({
      inventory: ['a'],
      extraVars: ['x=1', '@f'],
      tags: ['a', 'b'],
      skipTags: [],
      test: false,
      onError: 'ask',
      name: 'n',
      verbose: 2,
    });
  });

  it('are those of list and sweep', () => {
    expect(parse('list', '--all', '--json')).to.deep.include({ verb: 'list', word: undefined });
    expect(parse('sweep', 'RUN')).to.deep.include({ verb: 'sweep', word: 'RUN' });
    expect(parse('--resume')?.options.resume).to.equal(true);
    expect(parse('--resume', 'RUN')?.options.resume).to.equal('RUN');
  });

  it('show their help, with the exit codes', () => {
    let shown = '';
    expect(parseBakeArguments(['--help'], (text) => (shown += text))).to.equal(undefined);
    expect(shown)
      .to.match(/^Usage: bake PLAYBOOK\|IMAGE \[options\]\n/)
      .and.to.contain('Exit codes: 0 baked');
  });

  const wrong: readonly (readonly [args: readonly string[], message: string, hint: string | undefined])[] = [
    [
      [],
      'bake takes a playbook, or an image of playbake.yml',
      'write  bake app_update.yml; bake --help shows the options',
    ],
    [['a.yml', 'b.yml'], 'bake takes one playbook or image, not also "b.yml"', 'bake them one after the other'],
    [['a.yml', '--no-tset'], 'bake has no option --no-tset', 'did you mean --no-test?'],
    [
      ['a.yml', '--on-error', 'cry'],
      "option '--on-error <what>' argument 'cry' is invalid. Allowed choices are undo, keep, ask.",
      undefined,
    ],
    [
      ['a.yml', '--from-cidr', '300.1.1.1/32'],
      "option '--from-cidr <cidr>' argument '300.1.1.1/32' is invalid. It must be a network such as 203.0.113.7/32.",
      undefined,
    ],
    [['list', 'RUN'], 'bake list does not take "RUN"', undefined],
  ];
  for (const [args, message, hint] of wrong) {
    it(`refuse ${args.join(' ') || 'nothing'}`, () => {
      expect(() => parse(...args))
        .to.throw(Fault)
        .that.deep.includes({ code: 'option-invalid', message, hint });
    });
  }
});
