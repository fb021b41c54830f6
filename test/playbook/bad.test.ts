import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { runBin } from '../cli/run-bin.ts';

/** What a user types and then sees, one directory a mistake. UPDATE=1 writes what is seen anew, to be read. */
const CASES = join(import.meta.dirname, 'bad');

/** Standard output, standard error and the exit code of the command in the first line. */
async function transcript(directory: string, command: string): Promise<string> {
  const [, program = '', ...args] = command.split(' ');
  const { code, stdout, stderr } = await runBin(program, args, { cwd: directory, env: { ANSIBLE_ROLES_PATH: '' } });
  const said = (stdout + stderr).replaceAll(directory, '$PWD').replaceAll(homedir(), '~');
  return `${command}\n${said}=> ${code}\n`;
}

describe('what is wrong is said', () => {
  for (const name of readdirSync(CASES)) {
    it(name, async () => {
      const directory = join(CASES, name);
      const file = join(directory, 'expected.txt');
      const expected = readFileSync(file, 'utf8');
      const seen = await transcript(directory, expected.split('\n', 1)[0] ?? '');
      if (process.env['UPDATE']) writeFileSync(file, seen);
      else expect(seen).to.equal(expected);
    });
  }
});
