import { expect } from 'chai';
import { withEnvironment } from '../../src/cli/environment.ts';
import { parsePlayArguments } from '../../src/cli/play-options.ts';
import { Fault } from '../../src/fault.ts';
import { runBin } from './run-bin.ts';

function parse(...args: string[]) {
  const parsed = parsePlayArguments(args, () => {});
  if (!parsed) throw new Error('help');
  return parsed;
}

function faultOf(...args: string[]): Fault {
  try {
    parse(...args);
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('no fault');
}

describe('cli: options of play', () => {
  it("are Ansible's, short and long", () => {
    const { playbooks, options } = parse(
      ...[
        'a.yml',
        '-i',
        'one',
        '--inventory',
        'two',
        '-l',
        'web',
        '-e',
        'a=1 b=2',
        '-e',
        '@f.yml',
        '-t',
        'x, y',
        '--tags',
        'z',
      ],
      ...[
        '--skip-tags',
        's',
        '-CD',
        '-f',
        '7',
        '-b',
        '-K',
        '-k',
        '-u',
        'me',
        '-c',
        'local',
        '-T',
        '3',
        '--key-file=/k',
        'b.yml',
      ],
      ...[
        '--become-pass-file',
        'p',
        '--ssh-common-args=-o A=b',
        '-vv',
        '-v',
        '--start-at-task',
        'a task',
        '--output',
        'json',
      ],
    );
    expect(playbooks).to.deep.equal(['a.yml', 'b.yml']);
    expect(options).to.deep.equal({
      inventory: ['one', 'two'],
      limit: 'web',
      extraVars: ['a=1 b=2', '@f.yml'],
      tags: ['x', 'y', 'z'],
      skipTags: ['s'],
      check: true,
      diff: true,
      forks: 7,
      become: true,
      askBecomePass: true,
      askPass: true,
      user: 'me',
      connection: 'local',
      timeout: 3,
      privateKey: '/k',
      becomePasswordFile: 'p',
      sshCommonArgs: '-o A=b',
      verbose: 3,
      startAtTask: 'a task',
      output: 'json',
    });
  });

  it('come from the environment where they are not given', () => {
    const env = {
      ANSIBLE_INVENTORY: '/a,/b',
      ANSIBLE_FORKS: '3',
      ANSIBLE_BECOME: 'no',
      ANSIBLE_DIFF_ALWAYS: 'True',
      ANSIBLE_REMOTE_USER: 'deploy',
      ANSIBLE_RUN_TAGS: 'x,y',
      ANSIBLE_VERBOSITY: '2',
    };
    const options = withEnvironment(parse('a.yml', '-u', 'me', '-t', 'z').options, env);
    expect(options).to.deep.equal({
      inventory: ['/a', '/b'],
      forks: 3,
      diff: true,
      user: 'me',
      tags: ['z'],
      extraVars: [],
      skipTags: [],
      verbose: 2,
    });
  });

  const wrong: readonly (readonly [args: readonly string[], message: string, hint: string])[] = [
    [[], 'no playbook was named', 'play PLAYBOOK -i INVENTORY; see play --help'],
    [['a.yml', '--lst-hosts'], 'unknown option --lst-hosts', 'did you mean --list-hosts?'],
    [['a.yml', '--extra'], 'unknown option --extra', 'did you mean --extra-vars?'],
    [['a.yml', '--quiet-please'], 'unknown option --quiet-please', 'play --help shows all options'],
    [['a.yml', '-Z'], 'unknown option -Z', 'play --help shows all options'],
    [
      ['a.yml', '--vault-password-file', 'x'],
      "playbake does not have ansible-playbook's option --vault-password-file",
      'vaults cannot be decrypted yet; give their values with -e @FILE',
    ],
    [
      ['a.yml', '-M', 'x'],
      "playbake does not have ansible-playbook's option -M",
      'a directory `modules` beside the playbook is looked in first',
    ],
    [
      ['a.yml', '-f', '0'],
      "option '-f, --forks <number>' argument '0' is invalid. It must be a whole number from 1 up.",
      'play --help shows all options',
    ],
    [['a.yml', '-i'], "option '-i, --inventory <source>' argument missing", 'play --help shows all options'],
  ];
  for (const [args, message, hint] of wrong) {
    it(`refuse ${args.join(' ') || 'nothing'}`, () => {
      const fault = faultOf(...args);
      expect([fault.code, fault.message, fault.hint]).to.deep.equal(['option-invalid', message, hint]);
    });
  }

  it('that are wrong end with 5, a playbook that is not there with 1', async () => {
    expect(await runBin('play', ['a.yml', '--chek'])).to.deep.equal({
      code: 5,
      stdout: '',
      stderr: 'ERROR! unknown option --chek\n  hint: did you mean --check?\n',
    });
    expect(await runBin('play', ['nowhere.yml'])).to.deep.equal({
      code: 1,
      stdout: '',
      stderr: 'ERROR! the playbook: nowhere.yml could not be found\n',
    });
    expect((await runBin('play', ['src'])).stderr).to.equal('ERROR! the playbook: src does not appear to be a file\n');
  });
});
