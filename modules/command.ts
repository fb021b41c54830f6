import { type Context, hostWord, module, sh } from '../src/module/module.ts';
import { COMMAND_ARGS, commandResult, commandSteps } from './shared/command.ts';
import { splitWords } from './shared/split-words.ts';

export default module({
  doc: 'Run a program without a shell.',
  args: {
    ...COMMAND_ARGS,
    argv: { type: 'list', of: 'string', doc: 'The command as a list of words.' },
    executable: { type: 'string', doc: 'Has no effect since Ansible 2.4; warned about.' },
  },
  freeForm: 'cmd',
  unsupported: { warn: 'it was removed in ansible-core 2.14' },
  examples: `
- command: /usr/bin/make install
  args: { chdir: /usr/src/app, creates: /usr/local/bin/app }
- command: { argv: [cat, /etc/hostname] }
`,
  streams: true,
  verify({ cmd = '', argv = [] }) {
    if (cmd.trim() === '' && argv.length === 0) return 'no command given';
    if (cmd !== '' && argv.length > 0) return 'only command or argv can be given, not both';
    return splitWords(cmd) ? undefined : 'a quote in the command is not closed';
  },
  plan(args, context: Context) {
    if (args.executable !== undefined) {
      context.warn(`the parameter 'executable' has no effect with the command module. Not using '${args.executable}'.`);
    }
    const words = wordsOf(args.cmd, args.argv).map((word) => (word === '' ? sh`${word}` : hostWord(word)));
    return commandSteps({ ...args, words });
  },
  result(outcome, args, { check }) {
    const { creates, removes, strip_empty_ends: strip } = args;
    const cmd = wordsOf(args.cmd, args.argv);
    return commandResult(outcome, { cmd, program: cmd[0] ?? '', creates, removes, strip, check });
  },
});

function wordsOf(cmd: string | undefined, argv: readonly string[] | undefined): readonly string[] {
  return cmd ? (splitWords(cmd) ?? []) : (argv ?? []);
}
