import { lines, module, run, sh } from '../src/module/module.ts';

export default module({
  doc: 'Run a command line as it is.',
  args: {
    command: { type: 'string', required: true, doc: 'The command line.' },
    executable: { type: 'path', default: '/bin/sh', doc: 'The shell.' },
  },
  freeForm: 'command',
  examples: `
- raw: apt-get install -y python3
- raw: echo $BASH_VERSION
  args: { executable: /bin/bash }
`,
  streams: true,
  plan: ({ command, executable }, { check }) =>
    check
      ? { skipped: true, changed: false }
      : [
          run(sh`exec ${executable} -c ${command}`, {
            user: true,
            result: ({ rc, stdout, stderr }) => ({ rc, stdout, stderr }),
          }),
        ],
  result({ failed, values }) {
    const { rc = null, stdout = '', stderr = '' } = values;
    const split = (text: unknown) => lines(String(text).replace(/\r?\n$/, ''));
    const told = { changed: true, rc, stdout, stdout_lines: split(stdout), stderr, stderr_lines: split(stderr) };
    return failed ? { ...told, failed, msg: 'non-zero return code' } : told;
  },
});
