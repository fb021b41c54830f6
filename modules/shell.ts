import { module, sh } from '../src/module/module.ts';
import { COMMAND_ARGS, commandResult, commandSteps } from './shared/command.ts';

export default module({
  doc: 'Run a command line in a shell.',
  args: {
    ...COMMAND_ARGS,
    executable: { type: 'path', default: '/bin/sh', doc: 'The shell.' },
  },
  freeForm: 'cmd',
  unsupported: { warn: 'it was removed in ansible-core 2.14' },
  examples: `
- shell: grep -c processor /proc/cpuinfo | tee /tmp/count
- shell: set -o pipefail; zcat dump.gz | psql app
  args: { executable: /bin/bash, chdir: /srv }
`,
  streams: true,
  verify: ({ cmd = '' }) => (cmd.trim() === '' ? 'no command given' : undefined),
  plan: (args) => commandSteps({ ...args, words: [sh`${args.executable}`, sh`-c`, sh`${args.cmd ?? ''}`] }),
  result(outcome, args, { check }) {
    const { cmd = '', executable, creates, removes, strip_empty_ends: strip } = args;
    return commandResult(outcome, { cmd, program: executable, creates, removes, strip, check });
  },
});
