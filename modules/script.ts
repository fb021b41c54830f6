import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import {
  type Context,
  ensure,
  lines,
  module,
  put,
  type Ran,
  type Result,
  read,
  run,
  type Steps,
  sh,
  when,
} from '../src/module/module.ts';
import { refuseVault } from './shared/refuse-vault.ts';
import { splitWords } from './shared/split-words.ts';

export default module({
  doc: 'Copy a script to the host and run it there.',
  args: {
    cmd: { type: 'string', required: true, doc: 'The script on the control machine, and its arguments.' },
    executable: { type: 'string', doc: 'What runs it; default: the script itself.' },
    chdir: { type: 'path', doc: 'The directory to run it in.' },
    creates: { type: 'path', doc: 'Run it only where this is not there.' },
    removes: { type: 'path', doc: 'Run it only where this is there.' },
    decrypt: { type: 'boolean', default: true, doc: '`no`: a file encrypted by ansible-vault is run as it is.' },
  },
  freeForm: 'cmd',
  examples: `
- script: migrate.sh --to 5
  args: { creates: /srv/app/.migrated-5, chdir: /srv/app }
- script: report.py
  args: { executable: python3 }
`,
  streams: true,
  verify({ cmd, chdir }) {
    if (chdir !== undefined && !/^[/~$]/.test(chdir))
      return `chdir ${chdir} must be an absolute path for a Unix-aware remote node`;
    const words = splitWords(cmd.trim());
    if (!words) return 'a quote in the command is not closed';
    return words.length === 0 ? 'no script is given' : undefined;
  },
  plan({ cmd, executable, chdir, creates, removes, decrypt }, context) {
    const [name = ''] = splitWords(cmd.trim()) ?? [];
    const source = context.find(name, 'files');
    const bytes = readFileSync(source);
    refuseVault(source, bytes, decrypt);
    const directory = `/tmp/.pb-script-${randomBytes(9).toString('hex')}`;
    const path = `${directory}/${basename(source)}`;
    const command = [executable, cmd.trim().replace(name, () => path)].filter(Boolean).join(' ');
    const steps: Steps = [
      ensure(sh`[ -d ${directory} ]`, sh`mkdir -m 700 -- ${directory}`),
      put(path, bytes, { mode: '0700' }),
      run(
        sh`trap 'rm -rf -- '${directory} EXIT; ${chdir === undefined ? sh`` : sh`cd -- ${chdir} || exit 1;`} /bin/sh -c ${command}`,
        {
          user: true,
          result: ({ rc, stdout, stderr }: Ran) => ({ rc, stdout, stderr }),
        },
      ),
    ];
    const removed =
      removes === undefined ? [] : [when(sh`[ ! -e ${removes} ]`, [reason('removes')], work(steps, context))];
    const all = removes === undefined ? work(steps, context) : removed;
    return creates === undefined ? all : [when(sh`[ -e ${creates} ]`, [reason('creates')], all)];
  },
  result({ failed, msg, values }, { creates, removes }, { check }): Result {
    if (values['not_run'] === 'creates') return skip(`${creates} exists, matching creates option`);
    if (values['not_run'] === 'removes') return skip(`${removes} does not exist, matching removes option`);
    if (check)
      return creates === undefined && removes === undefined
        ? skip('Check mode is not supported for this task.')
        : { changed: true };
    if (msg !== undefined) return { changed: false, failed, msg };
    const { rc = null, stdout = '', stderr = '' } = values;
    const split = (text: unknown) => lines(String(text).replace(/\r?\n$/, ''));
    const told = { changed: true, rc, stdout, stdout_lines: split(stdout), stderr, stderr_lines: split(stderr) };
    return failed ? { ...told, failed, msg: 'non-zero return code' } : told;
  },
});

/** Nothing is made on the host in check mode, not even foretold. */
function work(steps: Steps, { check }: Context): Steps {
  return check ? [] : steps;
}

function reason(which: 'creates' | 'removes') {
  return read(sh`:`, () => ({ not_run: which }));
}

function skip(msg: string): Result {
  return { changed: false, skipped: true, msg };
}
