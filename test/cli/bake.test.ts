/** What `bake` says of bad input, as built. No machine is made. */

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { runBin } from './run-bin.ts';

const AWS =
  'cloud: aws\nregion: eu-central-1\nendpoint: http://127.0.0.1:9\nimages: { app: { playbook: app.yml, base: ami-00000001 } }\n';
const KEYS = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };
const NO_KEYS = {
  AWS_ACCESS_KEY_ID: '',
  AWS_SECRET_ACCESS_KEY: '',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_CONFIG_FILE: '/dev/null',
};

describe('cli: bake', function () {
  this.timeout(60_000);
  const directory = temporaryDirectory();
  const bake = (args: readonly string[], env: Readonly<Record<string, string>> = KEYS) =>
    runBin('bake', args, { cwd: directory(), env });
  before(() => {
    writeFileSync(join(directory(), 'app.yml'), '- hosts: all\n  tasks: [{ ping: {} }]\n');
    writeFileSync(join(directory(), 'local.yml'), '- hosts: localhost\n  tasks: [{ ping: {} }]\n');
    writeFileSync(join(directory(), 'wrong.yml'), '- hosts: all\n  tasks:\n    - ping: {}\n      wen: true\n');
    writeFileSync(join(directory(), 'aws.yml'), AWS);
    writeFileSync(join(directory(), 'bad.yml'), 'cluod: aws\nimages: { app: {} }\n');
  });

  const cases: readonly (readonly [args: readonly string[], code: number, stderr: RegExp])[] = [
    [[], 5, /^ERROR! bake takes a playbook, or an image of playbake.yml\n/],
    [['app.yml', '--fast'], 5, /^ERROR! bake has no option --fast\n/],
    [
      ['nothing.yml'],
      4,
      /^ERROR! nothing.yml is neither a playbook nor an image\n {2}hint: it was looked for at .*\/nothing.yml; there is no playbake.yml/,
    ],
    [['app', '--config', 'none.yml'], 4, /^ERROR! the configuration none.yml could not be found\n/],
    [
      ['app', '--config', 'bad.yml'],
      4,
      /ERROR! bad.yml:1:1: playbake.yml has no key "cluod"\n> 1 \| cluod: aws\n(?:.*\n)+ {2}hint: did you mean cloud\?\n(?:.*\n)*2 errors\.\n/,
    ],
    [
      ['local.yml', '--config', 'aws.yml'],
      1,
      /ERROR! .*local.yml has no play for the machine: all its plays are for localhost\n/,
    ],
    [['wrong.yml', '--config', 'aws.yml'], 4, /^ERROR! wrong.yml:4:7: .*wen/],
    [
      ['app', '--config', 'aws.yml'],
      1,
      /^ERROR! GetCallerIdentity did not get through: connect ECONNREFUSED 127.0.0.1:9\n {2}hint: see endpoint: and region: /,
    ],
    [['sweep', 'RUN', '--resume', 'x', 'y'], 5, /^ERROR! bake takes one playbook or image, not also "y"\n/],
    [
      ['app', '--config', 'aws.yml', '--on-error', 'ask'],
      5,
      /^ERROR! --on-error ask asks, and nobody can answer here\n {2}hint: run it in a terminal/,
    ],
    [['--resume', '--config', 'aws.yml'], 1, /^ERROR! there is no unfinished run here\n/],
  ];
  for (const [args, code, stderr] of cases) {
    it(`refuses ${args.join(' ') || 'nothing'}`, async () => {
      const outcome = await bake(args);
      expect(outcome.stderr).to.match(stderr);
      expect(outcome.code).to.equal(code);
      expect(existsSync(join(directory(), '.playbake/bakes')) && (await bake(['list', '--json'])).stdout).to.be.oneOf([
        false,
        '[]\n',
      ]);
    });
  }

  it('says that there are no credentials, and how to get some', async () => {
    const { code, stderr } = await bake(['app', '--config', 'aws.yml'], NO_KEYS);
    expect(stderr).to.match(/^ERROR! there are no credentials for AWS: .*\n {2}hint: log in/);
    expect(code).to.equal(1);
  });
});
