/** A shell of this machine as a host: steps go in, an outcome comes out. */

import { Channel } from '../../src/connection/channel.ts';
import { endPipe, startProcess } from '../../src/connection/local.ts';
import { type CompileOptions, compile } from '../../src/shell/compile.ts';
import { fold, type Outcome } from '../../src/shell/outcome.ts';
import type { Steps } from '../../src/shell/steps.ts';

export interface ShellHost {
  readonly channel: Channel;
  apply(steps: Steps, options?: Partial<CompileOptions>): Promise<Outcome>;
  close(): Promise<void>;
}

export async function openShellHost(argv: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<ShellHost> {
  const pipe = startProcess(argv, { ...process.env, ...environment });
  const channel = Channel.greet(pipe, argv.join(' '));
  await channel.hello;
  return {
    channel,
    apply: async (steps, options = {}) => {
      const program = compile(steps, { check: false, diff: false, ...options });
      const answer = await channel.run(program.text);
      const outcome = fold(program.steps, answer.frames);
      return answer.rc === 0 || outcome.failed ? outcome : { ...outcome, failed: true, msg: `exit code ${answer.rc}` };
    },
    close: () => endPipe(pipe),
  };
}
